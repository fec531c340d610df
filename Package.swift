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

let cSettings: [CSetting] = [
  .treatAllWarnings(as: .error),
  .enableWarning("all"),
  .enableWarning("extra"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "queuebench",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "queuebench", targets: ["queuebench"]),
    .executable(name: "sqlite-floor", targets: ["sqlite-floor"]),
    .executable(name: "worker-probe", targets: ["worker-probe"]),
    .executable(name: "worker-rate", targets: ["worker-rate"]),
    .executable(name: "taskqueue", targets: ["taskqueue"]),
    .executable(name: "operations-probe", targets: ["operations-probe"]),
    .library(name: "QueueEngine", targets: ["QueueEngine"]),
    .library(name: "QueueWorker", targets: ["QueueWorker"]),
    .library(name: "QueueOperations", targets: ["QueueOperations"]),
    .library(name: "QueueConfiguration", targets: ["QueueConfiguration"]),
    .library(name: "BackgroundTasks", targets: ["BackgroundTasks"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CPlatform", cSettings: cSettings),
    .target(name: "CShimVFS", dependencies: ["CSQLite"], cSettings: cSettings),

    // The way of the data; imports point up only.
    module("Platform", ["CPlatform"]),
    // What readers of text have in common: words that were meant, numbers with units, quotes.
    module("Wording"),
    module("SQLite", ["CSQLite", "CShimVFS", "Platform"]),
    module("QueueEngine", ["SQLite", "Platform"]),
    // Apart from the engine, so that the harness need not build what only workers use.
    module(
      "QueueWorker",
      [
        "Platform", "QueueEngine", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    // Everything about a queue that is no claiming: looking, logging, counting, cleaning up, copying,
    // moving.
    module(
      "QueueOperations",
      [
        "Platform", "SQLite", "Wording", "QueueEngine",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ]),
    module(
      "QueueConfiguration",
      [
        "SQLite", "Wording", "QueueEngine", "QueueWorker", .product(name: "Yams", package: "Yams"),
        .product(name: "TOMLKit", package: "TOMLKit"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    module(
      "BackgroundTasks",
      [
        "Platform", "SQLite", "QueueEngine", "QueueWorker",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    module(
      "Scenarios", ["SQLite", "Wording", "QueueEngine", .product(name: "Yams", package: "Yams")]),
    module("Statistics"),
    module(
      "Recording",
      ["Platform", "CPlatform", .product(name: "Histogram", package: "hdrhistogram-swift")]),
    module("Verification", ["Platform", "Recording", "SQLite", "Statistics"]),
    module("Results", ["Verification", "Statistics"]),
    module(
      "LoadGeneration",
      [
        "Platform", "SQLite", "QueueEngine", "Scenarios", "Recording", "Verification", "Results",
        "Statistics",
      ]),
    // What runs block after block and decides as it goes on: comparisons, searches.
    module(
      "Experiments",
      [
        "Platform", "SQLite", "QueueEngine", "Scenarios", "Recording", "Verification", "Results",
        "Statistics", "LoadGeneration",
      ]),
    module(
      "Reporting", ["SQLite", "Recording", "Scenarios", "Results", "Statistics", "Verification"]),

    .executableTarget(
      name: "queuebench",
      dependencies: [
        "Platform", "SQLite", "Scenarios", "LoadGeneration", "Recording", "Verification",
        "Results", "Statistics", "Experiments", "Reporting",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
    // The queue's own command line; the harness does not know it.
    .executableTarget(
      name: "taskqueue",
      dependencies: [
        "Platform", "SQLite", "QueueEngine", "QueueWorker", "QueueOperations",
        "QueueConfiguration", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(name: "sqlite-floor", dependencies: ["CSQLite"], cSettings: cSettings),
    // The worker that `queuebench wakeup` wakes.
    .executableTarget(
      name: "worker-probe",
      dependencies: ["Platform", "Recording", "QueueEngine", "QueueWorker"],
      swiftSettings: swiftSettings),
    // What `make worker-rate` runs.
    .executableTarget(
      name: "worker-rate",
      dependencies: [
        "Platform", "QueueEngine", "QueueWorker", "Statistics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    // Times metrics on a large queue, and counts what counting costs.
    .executableTarget(
      name: "operations-probe",
      dependencies: [
        "Platform", "SQLite", "QueueEngine", "QueueOperations", "QueueWorker",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),

    // What tests share: fresh directories and joinable threads.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: swiftSettings),
    tests("SQLiteTests", ["TestSupport", "SQLite", "CSQLite", "Platform"]),
    tests("QueueEngineTests", ["TestSupport", "QueueEngine", "SQLite", "Platform"]),
    // What every store has to pass; only the file that opens the stores knows SQLite.
    tests("QueueConformanceTests", ["TestSupport", "QueueEngine", "SQLite"]),
    tests(
      "WorkerTests",
      [
        "TestSupport", "QueueWorker", "QueueEngine", "SQLite",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    tests(
      "QueueOperationsTests",
      [
        "TestSupport", "QueueOperations", "QueueWorker", "QueueEngine", "SQLite", "Platform",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ]),
    tests(
      "QueueConfigurationTests",
      ["TestSupport", "QueueConfiguration", "QueueWorker", "QueueEngine", "SQLite"]),
    tests(
      "BackgroundTasksTests",
      [
        "TestSupport", "BackgroundTasks", "QueueWorker", "QueueEngine", "SQLite",
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(
      "TaskQueueWorkTests",
      ["TestSupport", "taskqueue", "Platform", "SQLite", "QueueEngine", "QueueOperations"]),
    // The articles of Sources/TaskQueue.docc: their code, figures, tables and names.
    tests(
      "DocumentationTests",
      [
        "TestSupport", "SQLite", "QueueEngine", "QueueWorker", "QueueOperations",
        "QueueConfiguration", "BackgroundTasks", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    tests("PlatformTests", ["TestSupport", "Platform", "CPlatform"]),
    tests("ScenariosTests", ["Scenarios", "SQLite", "Wording", "QueueEngine"]),
    tests("StatisticsTests", ["TestSupport", "Statistics"]),
    tests("RecordingTests", ["TestSupport", "Recording", "Platform", "CPlatform"]),
    tests("ResultsTests", ["Results", "Statistics", "Verification"]),
    tests(
      "ExperimentsTests",
      [
        "HarnessDriver", "TestSupport", "queuebench", "Experiments", "LoadGeneration", "Platform",
        "SQLite", "QueueEngine", "Scenarios", "Results", "Statistics", "Verification", "Reporting",
      ]),
    tests(
      "ReportingTests", ["Reporting", "Recording", "Results", "Statistics", "Verification"]),
    tests(
      "VerificationTests",
      [
        "HarnessDriver", "TestSupport", "Verification", "LoadGeneration", "Recording", "Platform",
        "QueueEngine", "SQLite", "Scenarios",
      ]),
    tests(
      "LoadGenerationTests",
      [
        "HarnessDriver", "TestSupport", "queuebench", "LoadGeneration", "Platform", "SQLite",
        "QueueEngine",
        "Scenarios", "Recording", "Verification", "Results", "Statistics",
      ]),

    // What tests of the real program share: starting it, and reading what it leaves behind.
    .target(
      name: "HarnessDriver", dependencies: ["Platform", "Results", "SQLite"],
      path: "Tests/HarnessDriver", swiftSettings: swiftSettings),
    // A worker process that does what tests tell it to.
    .executableTarget(
      name: "WorkerFixture",
      dependencies: [
        "QueueWorker", "QueueEngine", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      path: "Tests/WorkerFixture", swiftSettings: swiftSettings),
    // Inputs at random for everything that reads files.
    .executableTarget(
      name: "fuzzing",
      dependencies: [
        "Platform", "SQLite", "Scenarios", "Recording", "Results", "LoadGeneration",
        "QueueConfiguration", "QueueOperations",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/Fuzzing", exclude: ["Corpus"], swiftSettings: swiftSettings),
    tests(
      "ProcessTests",
      [
        "HarnessDriver", "queuebench", "taskqueue", "WorkerFixture", "Platform", "SQLite",
        "QueueEngine", "Recording", "Results", "Verification",
      ]),
    .testTarget(
      name: "TaskQueueCLITests",
      dependencies: [
        "HarnessDriver", "taskqueue", "Platform", "SQLite", "QueueEngine", "QueueOperations",
      ],
      exclude: ["Transcripts"], swiftSettings: swiftSettings),
    tests(
      "CLITests",
      [
        "HarnessDriver", "queuebench", "sqlite-floor", "Platform", "SQLite", "Scenarios", "Results",
        "Verification", .product(name: "Yams", package: "Yams"),
      ]),
  ]
)
