// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "v6audit",
  targets: [
    .target(name: "PacketIO", dependencies: ["CLinux", "CPcap", "Observations", "Probing", "Wire"]),
    .target(name: "Probing", dependencies: ["Observations", "Wire"]),
    .target(name: "Inventory", dependencies: ["Observations", "Wire"]),
    .target(name: "Observations", dependencies: ["Wire"]),
    .target(name: "Wire"),
    .target(name: "CLinux"),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .testTarget(name: "WireTests", dependencies: ["SeededRandom", "Wire"]),
    .testTarget(name: "ObservationsTests", dependencies: ["Observations", "Wire"]),
    .testTarget(
      name: "InventoryTests", dependencies: ["Inventory", "Observations", "SeededRandom", "Wire"],
      exclude: ["invalid", "valid"]),
    .testTarget(name: "ProbingTests", dependencies: ["Observations", "Probing", "SeededRandom", "Wire"]),
    .executableTarget(
      name: "packetio-testtool", dependencies: ["Observations", "PacketIO", "Probing", "Wire"],
      path: "Tests/Support/packetio-testtool"),
    .testTarget(
      name: "PacketIOTests",
      dependencies: ["CLinux", "CPcap", "Observations", "PacketIO", "Probing", "Wire", "packetio-testtool"]),
    .target(name: "SeededRandom", path: "Tests/Support/SeededRandom"),
  ],
  swiftLanguageModes: [.v6]
)

// Zero warnings, in our own code only: what a dependency warns of is its own affair.
for target in package.targets where ![.system, .plugin].contains(target.type) {
  target.swiftSettings = [.treatAllWarnings(as: .error)]
}
