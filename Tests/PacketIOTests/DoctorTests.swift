import Testing

/// What the doctor is told about the machine.
@Suite(.serialized) struct DoctorTests {
  @Test func namesInterfacesRoutesAndKernel() throws {
    var network = TestNetwork()
    network.setUp = "ip route add default via 198.18.0.2; ip -6 route add default via 2001:db8::2"
    let output = try network.probe("--doctor").output
    #expect(output.contains("interface lo loopback 65536 up\n"))
    #expect(output.contains("interface near ethernet 1500 up\n"))
    #expect(output.contains("route ipv4 0.0.0.0/0 near 198.18.0.2 198.18.0.1\n"))
    #expect(output.contains("route ipv6 ::/0 near 2001:db8::2 2001:db8::1\n"))
    #expect(output.contains("hasPacketSockets: true"))
  }

  @Test func withoutADefaultRouteTheWidestOtherStands() throws {
    let output = try TestNetwork().probe("--doctor").output
    #expect(output.contains("route ipv4 198.18.0.0/24 near - 198.18.0.1\n"), "\(output)")
    #expect(output.contains("route ipv6 2001:db8:9::/48 near 2001:db8::2 2001:db8::1\n"))
  }

  @Test func withoutIPv6ThereIsNoRoute() throws {
    var network = TestNetwork()
    network.setUp = "ip -6 addr flush dev near; ip -6 route flush table main"
    let output = try network.probe("--doctor").output
    #expect(output.contains("route ipv6 none\n"), "\(output)")
  }
}
