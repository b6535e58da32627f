/// What can be declared under an id and referred to by it.
enum Kind: Int, CaseIterable {
  case agency
  case system
  case host

  /// The word for one of it.
  var noun: String {
    switch self {
    case .agency: "agency"
    case .system: "system"
    case .host: "host"
    }
  }

  /// The file that declares it.
  var file: InventoryFile {
    switch self {
    case .agency: .agencies
    case .system: .systems
    case .host: .hosts
    }
  }
}

/// The ids declared so far, and the references that wait for one that is not.
final class Registry {
  /// A reference to an id that was not declared when it was read.
  struct Reference {
    var kind: Kind
    var id: String
    var file: InventoryFile
    var position: CSVPosition
    var noun: String
  }

  private let report: Report
  /// The line each id was declared on, by kind.
  private var lines: [[String: Int]] = Array(repeating: [:], count: Kind.allCases.count)
  /// The kinds of which the files may declare more than could be read.
  private var incomplete: Set<Kind> = []
  /// What faulty ids most likely should have been: references to it have no fault of their own.
  private var tolerated: [Set<String>] = Array(repeating: [], count: Kind.allCases.count)
  private var pending: [Reference] = []
  /// How many more ids may be compared for suggestions: a tenth of a second's worth.
  private var comparisonsLeft = 200_000

  init(report: Report) { self.report = report }

  /// Notes that a file could not be read as a whole, so that a missing id proves nothing.
  func markIncomplete(_ kind: Kind) { incomplete.insert(kind) }

  /// Notes what an id that was refused most likely should have been.
  func tolerate(_ kind: Kind, _ id: String) { tolerated[kind.rawValue].insert(id) }

  /// Declares an id; the line of an earlier declaration, if there is one.
  func declare(_ kind: Kind, _ id: String, line: Int) -> Int? {
    if let earlier = lines[kind.rawValue][id] { return earlier }
    lines[kind.rawValue][id] = line
    return nil
  }

  /// The line an id was declared on; `nil` if it was not.
  func line(of kind: Kind, _ id: String) -> Int? { lines[kind.rawValue][id] }

  /// Whether everything of a kind that is declared could be read.
  private func isComplete(_ kind: Kind) -> Bool { !incomplete.contains(kind) }

  /// Whether an id is certainly declared nowhere, as no kind at all.
  func isUnknown(_ id: String) -> Bool {
    Kind.allCases.allSatisfy { kind in
      isComplete(kind) && line(of: kind, id) == nil && !tolerated[kind.rawValue].contains(id)
    }
  }

  /// Notes a reference, and hands back the id in the storage of its declaration: half a million hosts then
  /// share a few hundred strings.
  func refer(to kind: Kind, _ id: String, from table: Table, at position: CSVPosition, noun: String) -> String
  {
    if let known = lines[kind.rawValue].index(forKey: id) { return lines[kind.rawValue].keys[known] }
    pending.append(Reference(kind: kind, id: id, file: table.file, position: position, noun: noun))
    return id
  }

  /// Complains about the references that lead nowhere, now that everything was declared.
  func resolve(hasAgencyFile: Bool) {
    for reference in pending where line(of: reference.kind, reference.id) == nil {
      let kind = reference.kind
      guard isComplete(kind), !tolerated[kind.rawValue].contains(reference.id) else { continue }
      var why = "\(kind.file.name) has no such \(kind.noun)"
      if kind == .agency && !hasAgencyFile { why = "there is no agencies.csv, and no host names this agency" }
      var remedy = "declare it in \(kind.file.name)"
      if let likely = suggestion(for: reference.id, kind) {
        remedy += ", or write \(likely) if that is meant"
      }
      report.problem(
        reference.file, at: reference.position, what: "\(reference.noun) \(quoted(reference.id))",
        Complaint(why, remedy))
    }
  }

  /// The declared id that was most likely meant. Looked for as long as that is quick.
  func suggestion(for id: String, _ kind: Kind) -> String? {
    let known = lines[kind.rawValue]
    guard known.count <= comparisonsLeft else { return nil }
    comparisonsLeft -= known.count
    return closest(to: id, among: known.keys)
  }
}
