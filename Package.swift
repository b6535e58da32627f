// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "v6audit",
  products: [.executable(name: "v6audit", targets: ["v6audit"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .executableTarget(
      name: "v6audit",
      dependencies: [
        "Audit", "CLinux", "Daemon", "Discovery", "Import", "Inventory", "Observations", "PacketIO",
        "Probing",
        "Readiness",
        "Reporting",
        "Services", "Session", "Store", "StrictYAML", "Sweep", "Wire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Session",
      dependencies: [
        "Audit", "Inventory", "Observations", "Readiness", "Reporting", "Store",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Daemon",
      dependencies: [
        "Audit", "CLinux", "Dashboard", "Inventory", "Observations", "PacketIO", "Probing", "Readiness",
        "Reporting",
        "Schedule", "Services", "Session", "Store", "StrictYAML", "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Dashboard",
      dependencies: [
        "Inventory", "Observations", "Readiness", "Reporting", "Store", "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], resources: [.embedInCode("OpenAPI/openapi.json")]),
    .target(
      name: "Audit",
      dependencies: [
        "Discovery", "Inventory", "Observations", "PacketIO", "Probing", "Readiness", "Services", "Store",
        "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "Schedule", dependencies: ["Observations"]),
    .target(name: "Sweep", dependencies: ["Observations", "PacketIO", "Probing", "Wire"]),
    .target(
      name: "Reporting",
      dependencies: [
        "CLinux", "Inventory", "Observations", "Readiness",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Store",
      dependencies: [
        "Inventory", "Observations", "Readiness", "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(
      name: "Readiness",
      dependencies: [
        "Inventory", "Observations", "StrictYAML", "Wire", .product(name: "Yams", package: "Yams"),
      ],
      resources: [
        .embedInCode("Policies/policy-2026-0.yaml"), .embedInCode("Policies/policy-2026-0-lab.yaml"),
        .embedInCode("Policies/policy-2026-1.yaml"), .embedInCode("Policies/policy-2026-1-lab.yaml"),
      ]),
    .target(
      name: "Services",
      dependencies: [
        "Observations", "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "SwiftASN1", package: "swift-asn1"),
        .product(name: "X509", package: "swift-certificates"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    .target(name: "PacketIO", dependencies: ["CLinux", "CPcap", "Observations", "Probing", "Wire"]),
    .target(name: "Probing", dependencies: ["Observations", "Wire"]),
    .target(name: "Import", dependencies: ["CXML", "Inventory", "Observations", "Wire"]),
    .target(name: "CXML", dependencies: ["CLibXML2"]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "Discovery", dependencies: ["Inventory", "Observations", "PacketIO", "Wire"]),
    .target(name: "Inventory", dependencies: ["Observations", "Wire"]),
    .target(name: "Observations", dependencies: ["Wire"]),
    .target(name: "StrictYAML", dependencies: [.product(name: "Yams", package: "Yams")]),
    .target(name: "Wire"),
    .target(name: "CLinux"),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),

    .testTarget(name: "WireTests", dependencies: ["SeededRandom", "Wire"]),
    .testTarget(name: "WireDifferentialTests", dependencies: ["Probing", "SeededRandom", "Wire"]),
    .testTarget(name: "ObservationsTests", dependencies: ["Observations", "Wire"]),
    .testTarget(name: "DiscoveryTests", dependencies: ["Discovery", "Observations", "SeededRandom", "Wire"]),
    .testTarget(
      name: "ImportTests", dependencies: ["Import", "Inventory", "Observations", "SeededRandom", "Wire"],
      exclude: ["Samples"]),
    .testTarget(
      name: "InventoryTests", dependencies: ["Inventory", "Observations", "SeededRandom", "Wire"],
      exclude: ["invalid", "valid"]),
    .testTarget(
      name: "ProbingTests", dependencies: ["Observations", "Probing", "SeededRandom", "Wire"],
      exclude: ["Scenarios"]),
    .executableTarget(
      name: "packetio-testtool", dependencies: ["Observations", "PacketIO", "Probing", "Wire"],
      path: "Tests/Support/packetio-testtool"),
    .testTarget(
      name: "PacketIOTests",
      dependencies: ["CLinux", "CPcap", "Observations", "PacketIO", "Probing", "Wire", "packetio-testtool"]),
    .testTarget(name: "ServicesTests", dependencies: ["Observations", "Services", "Wire"]),
    .testTarget(name: "ScheduleTests", dependencies: ["Observations", "Schedule", "SeededRandom"]),
    .testTarget(name: "SweepTests", dependencies: ["Observations", "PacketIO", "Probing", "Sweep", "Wire"]),

    .testTarget(
      name: "EndToEndTests", dependencies: ["SeededRandom", "v6audit"],
      exclude: [
        "README.md", "Rounds", "packages.txt", "truth.csv", "Support/kill-lane.py", "Support/web-oracle.py",
      ]),
    .target(name: "SeededRandom", path: "Tests/Support/SeededRandom"),
    .target(
      name: "DashboardSamples",
      dependencies: ["Dashboard", "Inventory", "Observations", "Readiness", "Reporting", "Store", "Wire"],
      path: "Tests/Support/dashboard-testtool/Samples"),
    .executableTarget(
      name: "dashboard-testtool",
      dependencies: [
        "Dashboard", "DashboardSamples", "Observations", "Store",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "Tests/Support/dashboard-testtool/Program"),
    .testTarget(
      name: "DashboardTests",
      dependencies: [
        "Dashboard", "DashboardSamples", "Inventory", "Observations", "Readiness", "Wire",
        "dashboard-testtool",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "StoreSamples", dependencies: ["Observations", "Readiness", "SeededRandom", "Store", "Wire"],
      path: "Tests/Support/StoreSamples"),
    .executableTarget(
      name: "store-testtool",
      dependencies: ["Observations", "Readiness", "SeededRandom", "Store", "StoreSamples"],
      path: "Tests/Support/store-testtool"),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Observations", "Readiness", "SeededRandom", "Store", "StoreSamples", "Wire", "store-testtool",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["Faults", "Schemas"]),
    .testTarget(
      name: "ReadinessTests",
      dependencies: ["Inventory", "Observations", "Readiness", "SeededRandom", "StrictYAML", "Wire"]),
    .testTarget(
      name: "AuditTests",
      dependencies: [
        "Audit", "Inventory", "Observations", "PacketIO", "Probing", "Readiness", "SeededRandom", "Wire",
      ]),
    .testTarget(
      name: "DaemonTests",
      dependencies: ["Daemon", "Observations", "Schedule", "SeededRandom", "StrictYAML", "Wire"]),
    .testTarget(
      name: "ReportingTests", dependencies: ["Inventory", "Observations", "Readiness", "Reporting", "Wire"]),
  ],
  swiftLanguageModes: [.v6]
)

// One set of parsers under test, compiled two ways: with libFuzzer's instrumentation and entry for `make fuzz`, and as
// a test of the kept inputs otherwise. No ordinary build may meet the instrumentation (Tests/Fuzz/README.md).
let fuzzed: [Target.Dependency] = [
  "CLinux", "Daemon", "Discovery", "Import", "Inventory", "Observations", "PacketIO", "Probing", "Readiness",
  "Reporting",
  "Services", "StrictYAML", "Wire",
]
let isFuzzing = Context.environment["V6AUDIT_FUZZ"] == "1"
if isFuzzing {
  package.targets.append(
    .executableTarget(
      name: "v6audit-fuzz", dependencies: fuzzed, path: "Tests/Fuzz",
      exclude: ["README.md", "Regression", "corpus", "run"], sources: ["Parsers", "Program"],
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]))
} else {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed, path: "Tests/Fuzz",
      exclude: ["README.md", "Program", "corpus", "run"], sources: ["Parsers", "Regression"]))
}

// Zero warnings, in our own code only: what a dependency warns of is its own affair.
for target in package.targets where ![.system, .plugin].contains(target.type) {
  target.swiftSettings = [.treatAllWarnings(as: .error)]
  if isFuzzing {
    target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"]))
  }
}
