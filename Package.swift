// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "v6audit",
  targets: [
    .target(name: "Probing", dependencies: ["Observations", "Wire"]),
    .target(name: "Inventory", dependencies: ["Observations", "Wire"]),
    .target(name: "Observations", dependencies: ["Wire"]),
    .target(name: "Wire"),
    .testTarget(name: "WireTests", dependencies: ["SeededRandom", "Wire"]),
    .testTarget(name: "ObservationsTests", dependencies: ["Observations", "Wire"]),
    .testTarget(
      name: "InventoryTests", dependencies: ["Inventory", "Observations", "SeededRandom", "Wire"],
      exclude: ["invalid", "valid"]),
    .testTarget(name: "ProbingTests", dependencies: ["Observations", "Probing", "SeededRandom", "Wire"]),
    .target(name: "SeededRandom", path: "Tests/Support/SeededRandom"),
  ],
  swiftLanguageModes: [.v6]
)

// Zero warnings, in our own code only: what a dependency warns of is its own affair.
for target in package.targets where ![.system, .plugin].contains(target.type) {
  target.swiftSettings = [.treatAllWarnings(as: .error)]
}
