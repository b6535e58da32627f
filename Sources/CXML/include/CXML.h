/* A pull reader for XML by libxml2, for Swift: libxml2's own headers bring ICU's, which are not those of Foundation. */
#ifndef CXML_H
#define CXML_H

/* A document that is read from its beginning to its end. */
typedef struct cxml_reader cxml_reader;

enum cxml_step { CXML_END, CXML_BEGINS, CXML_ENDS, CXML_BEGINS_AND_ENDS, CXML_WRONG };

/* Opens a file; NULL where it cannot be. No other file is opened, from the network or the disk, and no entity replaced. */
cxml_reader *cxml_open(const char *path);
void cxml_close(cxml_reader *reader);

/* Goes on to where the next element begins or ends. CXML_WRONG: it is no XML from here on, see cxml_error. */
enum cxml_step cxml_next(cxml_reader *reader);

/* The element's name, until the next step. */
const char *cxml_name(cxml_reader *reader);
/* The value of one of its attributes, or NULL; until the next call or step. */
const char *cxml_attribute(cxml_reader *reader, const char *name);

/* Where the reader is, from 1. */
int cxml_line(cxml_reader *reader);
int cxml_column(cxml_reader *reader);
/* What is wrong, without a line end. */
const char *cxml_error(cxml_reader *reader);

#endif
