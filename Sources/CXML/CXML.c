#include "CXML.h"

#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cxml_reader {
  xmlTextReaderPtr text;
  xmlChar *attribute;
  char error[256];
};

static void keep_error(void *context, const char *message, xmlParserSeverities severity, xmlTextReaderLocatorPtr locator) {
  (void)severity;
  (void)locator;
  cxml_reader *reader = context;
  if (reader->error[0]) return;
  snprintf(reader->error, sizeof reader->error, "%s", message);
  reader->error[strcspn(reader->error, "\n")] = 0;
}

cxml_reader *cxml_open(const char *path) {
  cxml_reader *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->text = xmlReaderForFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  if (!reader->text) {
    free(reader);
    return NULL;
  }
  xmlTextReaderSetErrorHandler(reader->text, keep_error, reader);
  return reader;
}

void cxml_close(cxml_reader *reader) {
  if (reader->attribute) xmlFree(reader->attribute);
  xmlFreeTextReader(reader->text);
  free(reader);
}

enum cxml_step cxml_next(cxml_reader *reader) {
  int state;
  while ((state = xmlTextReaderRead(reader->text)) == 1) {
    switch (xmlTextReaderNodeType(reader->text)) {
    case XML_READER_TYPE_ELEMENT: return xmlTextReaderIsEmptyElement(reader->text) ? CXML_BEGINS_AND_ENDS : CXML_BEGINS;
    case XML_READER_TYPE_END_ELEMENT: return CXML_ENDS;
    default: break;
    }
  }
  return state == 0 ? CXML_END : CXML_WRONG;
}

const char *cxml_name(cxml_reader *reader) {
  const xmlChar *name = xmlTextReaderConstName(reader->text);
  return name ? (const char *)name : "";
}

const char *cxml_attribute(cxml_reader *reader, const char *name) {
  if (reader->attribute) xmlFree(reader->attribute);
  reader->attribute = xmlTextReaderGetAttribute(reader->text, (const xmlChar *)name);
  return (const char *)reader->attribute;
}

int cxml_line(cxml_reader *reader) { return xmlTextReaderGetParserLineNumber(reader->text); }

int cxml_column(cxml_reader *reader) { return xmlTextReaderGetParserColumnNumber(reader->text); }

const char *cxml_error(cxml_reader *reader) { return reader->error[0] ? reader->error : "it is no XML"; }
