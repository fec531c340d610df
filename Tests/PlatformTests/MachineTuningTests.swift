import Testing

@testable import Platform

@Suite struct MachineTuningTests {
  @Test(arguments: [
    ("always [madvise] never", "madvise"), ("none", "none"), ("[mq-deadline] kyber", "mq-deadline"),
    ("", ""), ("[open", "[open"),
  ])
  func theMarkedChoiceCounts(text: String, choice: String) {
    #expect(MachineTuning.chosen(text) == choice)
  }

  @Test(arguments: [nil, "overlay", "/dev/", "/dev/no-such-device", "../../etc"] as [String?])
  func whatIsNotToldIsLeftOut(device: String?) {
    let facts = MachineTuning.current(device: device)
    #expect(facts["page_size"] != nil)
    #expect(!facts.keys.contains { $0.hasPrefix("disk_") })
    #expect(facts.values.allSatisfy { !$0.contains("\n") })
  }
}
