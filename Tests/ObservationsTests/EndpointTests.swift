import Observations
import Testing
import Wire

@Suite("Endpoints")
struct EndpointTests {
  @Test(arguments: ["[2001:db8::1]:53", "192.0.2.1:1", "[::ffff:192.0.2.1]:443", "198.18.0.1:65535"])
  func roundTrip(text: String) throws {
    #expect(try #require(Endpoint(text)).description == text)
  }

  @Test(
    "are refused when address and port cannot be told apart, or the port cannot be",
    arguments: [
      "2001:db8::1:53", "[192.0.2.1]:53", "[2001:db8::1]", "[2001:db8::1]:", "[2001:db8::1]:0",
      "192.0.2.1:65536",
      "192.0.2.1:053", "192.0.2.1:+53", "192.0.2.1", ":53", "[]:53", "[:53", "]:53", "[2001:db8::1%eth0]:53",
      "localhost:53", "[2001:db8::1]53", "192.0.2.1: 53", "",
    ])
  func refused(text: String) {
    #expect(Endpoint(text) == nil)
  }

  @Test("sort by address and then by port as a number")
  func order() {
    let texts = ["192.0.2.1:9", "192.0.2.1:10", "192.0.2.2:1", "[2001:db8::1]:80", "[2001:db8::1]:443"]
    #expect(texts.compactMap { Endpoint($0) }.shuffled().sorted().map(\.description) == texts)
  }
}
