// Uses a store from a process of its own, for the tests that need one that can be killed, starved or locked out.
//
//   store-testtool write PATH SEED     writes runs until killed or refused, telling of each what is about to be and what is
//   store-testtool hold PATH           opens for writing, says so, and waits to be killed
//   store-testtool list PATH           opens for reading and prints each visible run and its digest
//   store-testtool open PATH           opens for writing, checks the integrity and ends
//   store-testtool backup PATH COPY    copies the store and ends
//   store-testtool work PATH SEED RUNS writes so many runs and goes on after errors
//   store-testtool work-on PATH SEED RUNS FIFO  the same, two at a time, when a line comes through the fifo
//   store-testtool tidy PATH ROUNDS    lets go of what is old in a sample life of so many rounds
//   store-testtool year PATH HOSTS DAYS keeps and tidies so many days of rounds, prints what they take
//   store-testtool memory PATH COUNT   writes one run of COUNT observations and reads it back, prints peak KiB
//
// An error of the store is printed on stdout as `error CASE: text`, and the exit code is 1.

import Glibc
import Observations
import Store
import StoreSamples

/// Writes a line at once and whole, so that what was printed is what had happened when the process died.
func say(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(1, line, line.count)
}

func write(_ sample: SampleRun, to store: Store) throws(StoreError) {
  let writer = try store.begin(sample.begun, inventory: sample.inventory)
  for batch in sample.batches { try writer.append(batch) }
  say("finishing \(sample.begun.id) \(sample.digest)")
  try writer.finish(sample.ended, rows: sample.rows, manifest: sample.manifest)
  say("finished \(sample.begun.id) \(sample.digest)")
}

func writeForEver(_ path: String, seed: UInt64) throws(StoreError) {
  let store = try Store(path: path)
  say("opened")
  var seed = seed
  while true {
    let sample = SampleRun(seed: seed)
    say("beginning \(sample.begun.id) \(sample.digest)")
    try write(sample, to: store)
    seed += 1
  }
}

func list(_ path: String) throws {
  let store = try Store.openForReading(path: path)
  for run in try store.runs(limit: .max) {
    say("visible \(run.id) \(try SampleRun.digest(of: run.id, in: store))")
  }
}

func measureMemory(_ path: String, count: Int) throws {
  let store = try Store(path: path)
  let begun = SampleRun(seed: 1).begun
  var ended = begun
  ended.state = .complete
  let writer = try store.begin(begun, inventory: [])
  let facts = SampleFacts.ordinary
  for start in stride(from: 0, to: count, by: 256) {
    try writer.append(
      (start..<min(start + 256, count)).map { index in
        Observation(
          sequence: index + 1, host: "so-y-te-web-\(index / 10)", at: begun.startedAt, vantage: begun.vantage,
          fact: facts[index % facts.count])
      })
  }
  try writer.finish(ended, rows: [], manifest: [])
  say("written \(peakKiB())")
  let read = try store.observations(run: begun.id)
  say("read \(read.count) \(peakKiB())")
}

func peakKiB() -> Int {
  var usage = rusage()
  getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}

let arguments = CommandLine.arguments
do {
  switch (arguments.dropFirst().first, arguments.count) {
  case ("write", 4): try writeForEver(arguments[2], seed: UInt64(arguments[3]) ?? 0)
  case ("list", 3): try list(arguments[2])
  case ("open", 3):
    let store = try Store(path: arguments[2])
    try store.checkIntegrity()
    say("sound")
  case ("backup", 4):
    try Store.openForReading(path: arguments[2]).backup(to: arguments[3])
    say("copied")
  case ("work", 5):
    try work(arguments[2], seed: UInt64(arguments[3]) ?? 0, runs: Int(arguments[4]) ?? 0)
  case ("work-on", 6):
    try work(arguments[2], seed: UInt64(arguments[3]) ?? 0, runs: Int(arguments[4]) ?? 0, go: arguments[5])
  case ("tidy", 4): try tidy(arguments[2], rounds: Int(arguments[3]) ?? 0)
  case ("year", 5): try year(arguments[2], hosts: Int(arguments[3]) ?? 0, days: Int(arguments[4]) ?? 0)
  case ("memory", 4): try measureMemory(arguments[2], count: Int(arguments[3]) ?? 0)
  case ("hold", 3):
    let store = try Store(path: arguments[2])
    say("opened")
    while true { pause() }
    _ = store
  default:
    say(
      "usage: write PATH SEED | hold PATH | list PATH | open PATH | backup PATH COPY | work PATH SEED RUNS "
        + "| work-on PATH SEED RUNS FIFO | tidy PATH ROUNDS | year PATH HOSTS DAYS | memory PATH COUNT")
    exit(2)
  }
} catch let error as StoreError {
  say("error \(error)")
  exit(1)
}
