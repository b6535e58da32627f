import Discovery
import Reporting

/// Sites and how they are on the network: `agency,site,connection,prefixes,ways,hosts,hosts_up,seen,systems`.
struct CoverageTable {
  let table: CSVTable

  init(_ coverage: Coverage) {
    table = CSVTable(
      "agency,site,connection,prefixes,ways,hosts,hosts_up,seen,systems",
      rows: coverage.sites.map { site in
        [
          site.agency, site.site, site.connection.rawValue,
          site.prefixes.map(\.description).joined(separator: " "),
          site.ways.map { "\($0.prefix) \($0.text)" }.joined(separator: "; "), "\(site.hosts)",
          "\(site.up.count)", "\(site.seen)", site.systems.joined(separator: " "),
        ]
      })
  }
}
