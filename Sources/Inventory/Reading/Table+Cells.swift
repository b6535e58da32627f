import Wire

extension Table {
  /// The bytes of a cell; empty where the file does not have the column.
  func bytes(_ column: Column) -> ArraySlice<UInt8> {
    guard let index = index(of: column) else { return [] }
    return row.bytes(index)
  }

  /// A cell's text as it is.
  func text(_ column: Column) -> String { String(decoding: bytes(column), as: UTF8.self) }

  /// Where a cell starts in the file.
  func position(_ column: Column) -> CSVPosition {
    index(of: column).map { row.cells[$0].position } ?? row.start
  }

  /// Where an item of a list cell starts in the file.
  func position(_ column: Column, of item: ListItem) -> CSVPosition {
    index(of: column).map { row.position(of: item.offset, in: $0) } ?? row.start
  }

  /// Complains about the whole of a cell, called `noun` and quoted.
  func refuse(_ column: Column, _ noun: String, _ complaint: Complaint) {
    report.problem(file, at: position(column), what: "\(noun) \(quoted(bytes(column)))", complaint)
  }

  /// A cell of one value; `nil` when it is empty, and when it is wrong, which is complained about.
  func value<Value>(
    _ column: Column, _ noun: String, _ read: (ArraySlice<UInt8>) throws(Complaint) -> Value
  ) -> Value? {
    let bytes = bytes(column)
    guard !bytes.isEmpty else { return nil }
    do throws(Complaint) {
      return try read(bytes)
    } catch {
      let complaint = spaceAround(bytes) ?? error
      if let value = meant(by: complaint, read) {
        notice(column, at: position(column), "\(noun) \(quoted(bytes))", complaint)
        return value
      }
      refuse(column, noun, complaint)
      return nil
    }
  }

  /// What a spreadsheet's cell must mean; `nil` in a plain file, and where it may mean several things.
  private func meant<Value>(
    by complaint: Complaint, _ read: (ArraySlice<UInt8>) throws(Complaint) -> Value
  ) -> Value? {
    guard form.isLenient, let meant = complaint.meant else { return nil }
    do throws(Complaint) {
      return try read(Array(meant.utf8)[...])
    } catch {
      // White space around what is wrong in another way too.
      guard let further = error.meant, further != meant else { return nil }
      return try? read(Array(further.utf8)[...])
    }
  }

  private func notice(_ column: Column, at position: CSVPosition, _ what: String, _ complaint: Complaint) {
    report.notice(
      file, at: position, what: what,
      Complaint(complaint.why, "it was read as \(quoted(complaint.meant ?? ""))"))
  }

  /// Goes through the items of a list cell, which spaces separate. What `read` throws is complained about at
  /// the item; the next item is still read.
  func forEachItem(
    _ column: Column, _ noun: String, _ read: (ListItem) throws(Complaint) -> Void
  ) {
    guard let index = index(of: column) else { return }
    let cell = row.bytes(index)
    var next = cell.startIndex
    while next < cell.endIndex {
      guard !form.separatesItems(cell[next]) else {
        next += 1
        continue
      }
      let end = cell[next...].firstIndex(where: form.separatesItems) ?? cell.endIndex
      let item = ListItem(bytes: cell[next..<end], offset: next - cell.startIndex)
      do throws(Complaint) {
        try read(item)
      } catch {
        let (what, place) = ("\(noun) \(quoted(item.bytes))", position(column, of: item))
        let again = { (bytes: ArraySlice<UInt8>) throws(Complaint) in
          try read(ListItem(bytes: bytes, offset: item.offset))
        }
        if meant(by: error, again) != nil {
          notice(column, at: place, what, error)
        } else {
          report.problem(file, at: place, what: what, wrongSeparator(item) ?? error)
        }
      }
      next = end
    }
  }

  /// The remedy for a cell whose only fault may be white space at its ends.
  private func spaceAround(_ bytes: ArraySlice<UInt8>) -> Complaint? {
    let text = String(decoding: bytes, as: UTF8.self)
    let trimmed = text.trimmed
    if trimmed == text { return nil }
    return trimmed.isEmpty
      ? Complaint("it holds nothing but white space", "leave it empty")
      : Complaint("it has white space around it", "write \(quoted(trimmed))", meant: trimmed)
  }

  /// The remedy for an item that swallowed its neighbours because something else than a space stands between.
  private func wrongSeparator(_ item: ListItem) -> Complaint? {
    let wrong = item.text.unicodeScalars.first { scalar in
      scalar == "," || scalar == ";" || scalar == "|" || scalar.properties.isWhitespace
    }
    guard let wrong else { return nil }
    let name =
      switch wrong {
      case ",": "a comma"
      case ";": "a semicolon"
      case "|": "a bar"
      case "\n", "\r": "a line break"
      case "\t": "a tab"
      default: codePoint(wrong)
      }
    return Complaint("it holds \(name)", "separate the items of a list by spaces")
  }
}

/// One item of a list cell.
struct ListItem {
  /// Its UTF-8 text, without spaces.
  var bytes: ArraySlice<UInt8>
  /// Where it starts within the cell's text, in bytes.
  var offset: Int

  /// Its text.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
