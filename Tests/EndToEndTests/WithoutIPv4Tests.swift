import Testing

extension EndToEnd {
  @Suite("A vantage without IPv4")
  struct WithoutIPv4Tests {
    @Test("Hosts that work there are ipv6only and converted; what needs IPv4 to compare is unknown")
    func ipv6only() async throws {
      let lab = try await Lab.start("without-ipv4", inventory: Room.small, faults: ["vantage,no-ipv4"])
      let ended = try await lab.run("v6audit audit --inventory '\(Room.small)' --output out \"${rubric[@]}\"")
      #expect(ended.status == 0, "\(ended.text)")
      let results = try ResultFiles(lab.room + "/out")
      // An SSH key has nothing to be compared with, and udp:161 speaks nothing.
      let unknown: Set = ["gateway", "mail", "files-quan", "database"]
      for row in results.hosts.rows {
        let isUnknown = unknown.contains(row.cell("host"))
        #expect(row.cell("state") == (isUnknown ? "unknown" : "ipv6only"), "\(row)")
        #expect(row.cell("converted") == (isUnknown ? "no" : "yes"))
      }
      await lab.close()
    }
  }
}
