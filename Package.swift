// swift-tools-version: 6.2
import PackageDescription

/// Settings shared by our own targets: no implicit re-exports, explicit existentials, and a
/// warning is an error (dependencies are not affected).
let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "queuebench",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "QueueEngine", targets: ["QueueEngine"])
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

    module("SQLite", ["CSQLite"]),
    module("QueueEngine", ["SQLite"]),
  ]
)
