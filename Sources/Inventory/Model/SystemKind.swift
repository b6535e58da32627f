/// What a system is for: the column `kind` of `systems.csv`.
public enum SystemKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// The city-wide network.
  case wan
  /// The city's part in the Government's dedicated data network (*truyền số liệu chuyên dùng*).
  case tslcd
  /// The link between the city's administrative network and the Government's.
  case adminNetwork = "admin-network"
  /// A data centre.
  case dataCentre = "data-centre"
  /// Video conferencing.
  case videoConference = "video-conference"
  /// Document management.
  case documentManagement = "document-management"
  /// Reporting.
  case reporting
  /// Tracking of assigned tasks.
  case taskTracking = "task-tracking"
  /// Paperless meetings of the city's leaders.
  case eCabinet = "e-cabinet"
  /// A database of one sector, often shared with a national one.
  case sectorDatabase = "sector-database"
  /// Public services on line.
  case publicServices = "public-services"
  /// Open data.
  case openData = "open-data"
  /// Mail.
  case mail
  /// A web site.
  case web
  /// Name servers.
  case dns
  /// None of these.
  case other
}
