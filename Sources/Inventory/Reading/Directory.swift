#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The directory an inventory is in.
enum Directory {
  /// The names in a directory, in ascending order.
  static func names(in path: String) throws(FileFailure) -> [String] {
    guard let stream = opendir(path) else { throw FileFailure(number: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      // d_name is an array in the C struct, imported as a tuple: read it where it lies.
      let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
      let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      names.append(String(cString: name))
    }
    return names.sorted()
  }
}

extension FileFailure {
  /// What is wrong with a directory and what to do.
  var directoryComplaint: Complaint {
    switch self {
    case .missing: Complaint("there is none", "give the directory that holds hosts.csv")
    case .notRegular, .system: Complaint(complaint.why, "give the directory that holds hosts.csv")
    }
  }
}
