import Inventory
import Wire

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One reading of something to import.
struct ImportReader {
  private(set) var notices: [InventoryProblem] = []
  private(set) var whole: Set<InventoryFile> = []

  private let options: ImportOptions
  private let known: Set<String>
  private let report: Report
  private let take: (InventoryRow, RowSilence) -> Void

  init(
    _ options: ImportOptions, known: Set<String>, report: Report,
    take: @escaping (InventoryRow, RowSilence) -> Void
  ) {
    (self.options, self.known, self.report, self.take) = (options, known, report, take)
  }

  mutating func read(_ path: String) throws(FileFailure) {
    let format = options.format ?? Self.guess(path)
    switch format {
    case .table where Self.isDirectory(path): try readDirectory(path)
    case .table: try readTable(path)
    case .netbox: try readNetBox(path)
    case .hosts: listed(try HostsFile(Self.text(path), name: path, report: report).hosts.hosts, path)
    case .zone: try readZone(path)
    case .nmap: listed(try NmapFile(path: path, report: report).hosts.hosts, path)
    case .masscan: listed(try MasscanFile(Self.text(path), name: path, report: report).hosts.hosts, path)
    }
  }

  // MARK: - Tables

  /// The tables of an inventory that are there.
  private mutating func readDirectory(_ path: String) throws(FileFailure) {
    var sheets: [InventoryFile: Spreadsheet] = [:]
    for file in InventoryFile.allCases {
      do throws(FileFailure) {
        sheets[file] = try Spreadsheet(
          path: path + "/" + file.name, headings: options.headings, isLenient: options.isLenient)
      } catch {
        guard error == .missing else { throw error }
      }
    }
    guard !sheets.isEmpty else {
      let names = InventoryFile.allCases.map(\.name).joined(separator: ", ")
      return report.problem(
        file: path, what: "directory",
        Complaint("it has no table of an inventory", "give one that has some of \(names)"))
    }
    try readTables(sheets, isWhole: true)
    whole = Set(sheets.keys)
  }

  /// One table.
  private mutating func readTable(_ path: String) throws(FileFailure) {
    let sheet = try Spreadsheet(path: path, headings: options.headings, isLenient: options.isLenient)
    guard let file = sheet.file else {
      let wanted = InventoryFile.allCases.map { $0.requiredColumns.map(\.name).joined(separator: ",") }
      return report.problem(
        InventoryProblem(
          file: path, line: 1, column: 1, what: "header \(quoted(sheet.header.joined(separator: " | ")))",
          why: "it is that of no table of an inventory",
          remedy:
            "name its columns with --column HEADING=COLUMN; needed are \(wanted.joined(separator: " or "))"))
    }
    try readTables([file: sheet], called: path.split(separator: "/").last.map(String.init))
  }

  /// - Parameters:
  ///   - isWhole: whether the tables are all of their files: then a column that is not there is empty, and else untouched.
  ///   - name: what a table is called that has not the name of its file.
  private mutating func readTables(
    _ sheets: [InventoryFile: Spreadsheet], isWhole: Bool = false, called name: String? = nil
  ) throws(FileFailure) {
    let (known, take) = (known, take)
    let silences = sheets.mapValues { isWhole ? RowSilence.nothing : .columns($0.missing) }
    /// A problem by the name that the user knows the table by.
    func named(_ problem: InventoryProblem) -> InventoryProblem {
      guard let name, sheets.keys.contains(where: { $0.name == problem.file }) else { return problem }
      var problem = problem
      problem.file = name
      return problem
    }
    do throws(InventoryErrors) {
      notices += try InventoryReader.stream(
        isWhole: false,
        { file throws(FileFailure) in
          guard let sheet = sheets[file] else { throw .missing }
          return try sheet.source()
        },
        take: { row in
          // An agency that only hosts name is made, but not anew.
          if case .agency(let agency) = row, sheets[.agencies] == nil, known.contains(agency.id) { return }
          take(row, silences[row.file] ?? .emptyCells)
        }
      ).map(named)
    } catch {
      for problem in error.problems { report.problem(named(problem)) }
    }
  }

  // MARK: - Other programs' files

  private mutating func readZone(_ path: String) throws(FileFailure) {
    let file = try ZoneFile(Self.text(path), origin: options.origin, name: path, report: report)
    listed(file.hosts.hosts, path)
    if let zone = file.zone, let agency = options.agency {
      take(.zone(Zone(name: zone, agency: agency)), .emptyCells)
    }
  }

  private mutating func readNetBox(_ path: String) throws(FileFailure) {
    var files = NetBoxFiles(agency: options.agency, report: report)
    var isThere = false
    // In this order, because each names what the one before it has.
    let readings: [(String, (inout NetBoxFiles, TableSource, String) throws(FileFailure) -> Void)] = [
      (
        "tenants.csv",
        { files, source, name throws(FileFailure) in try files.readTenants(source, name: name) }
      ),
      (
        "prefixes.csv",
        { files, source, name throws(FileFailure) in try files.readPrefixes(source, name: name) }
      ),
      (
        "devices.csv",
        { files, source, name throws(FileFailure) in try files.readMachines(source, name: name) }
      ),
      (
        "virtual-machines.csv",
        { files, source, name throws(FileFailure) in try files.readMachines(source, name: name) }
      ),
      (
        "ip-addresses.csv",
        { files, source, name throws(FileFailure) in try files.readAddresses(source, name: name) }
      ),
      (
        "services.csv",
        { files, source, name throws(FileFailure) in try files.readServices(source, name: name) }
      ),
    ]
    for (name, reading) in readings {
      do throws(FileFailure) {
        try reading(&files, try Spreadsheet(path: "\(path)/\(name)").source(), name)
        isThere = true
      } catch {
        guard error == .missing else { throw error }
      }
    }
    guard isThere else {
      return report.problem(
        file: path, what: "directory",
        Complaint(
          "it has no table of NetBox",
          "give one with tenants.csv, prefixes.csv, ip-addresses.csv, services.csv"))
    }
    for agency in files.agencies { take(.agency(agency), .emptyCells) }
    for prefix in files.prefixes { take(.prefix(prefix), .emptyCells) }
    for host in files.hosts { take(.host(host), .emptyCells) }
  }

  /// Hosts of a file that does not say whose they are.
  private func listed(_ hosts: [ListedHost], _ path: String) {
    guard let agency = options.agency else {
      return report.problem(
        file: path, what: "file", Complaint("it does not say whose hosts these are", "give --agency ID"))
    }
    for host in hosts {
      take(
        .host(
          Host(
            id: host.id, agency: agency, names: host.names, addresses: host.addresses.sorted(),
            services: host.services.sorted(), mac: host.mac)), .emptyCells)
    }
  }

  // MARK: - Files

  private static func text(_ path: String) throws(FileFailure) -> any ByteSource { try FileBytes(path: path) }

  /// What a path looks like.
  private static func guess(_ path: String) -> ImportFormat {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if isDirectory(path) {
      let netBox = ["tenants.csv", "ip-addresses.csv"].contains { access("\(path)/\($0)", F_OK) == 0 }
      return netBox ? .netbox : .table
    }
    if name.hasSuffix(".xml") { return .nmap }
    if name.hasSuffix(".json") { return .masscan }
    if name.hasSuffix(".zone") || name.hasPrefix("db.") { return .zone }
    if name == "hosts" || name == "hosts.txt" { return .hosts }
    return .table
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
