import Observations
import Schedule
import SeededRandom
import Testing

@Suite("Schedule") struct ScheduleTests {
  typealias Year = SimulatedYear
  static let usual: [RoundKind: UInt64] = [
    .full: 86_400, .reach: 900, .names: 3600, .services: 21_600, .exposure: 86_400,
  ]

  @Test("A quiet year: every kind keeps its interval, within a tenth", arguments: 0..<5 as Range<UInt64>)
  func quiet(seed: UInt64) {
    var year = Year(SchedulePlan(intervals: Self.usual), seed: seed)
    year.run()
    for (kind, interval) in Self.usual {
      let beginnings = year.beginnings(kind, covering: [.full])[0]
      let gaps = zip(beginnings.dropFirst(), beginnings).map { Double($0 - $1) / 1e9 }
      // A round of another kind may be under way when it is due.
      #expect(gaps.allSatisfy { $0 < Double(interval) * 1.1 + 5 * 60 }, "\(kind): \(gaps.max() ?? 0)")
      // Only the whole rubric comes in between, and asks everything.
      let own = year.beginnings(kind)[0]
      #expect(zip(own.dropFirst(), own).allSatisfy { Double($0 - $1) / 1e9 >= Double(interval) * 0.9 })
      let expected = 365 * 86_400 / Double(interval)
      #expect(Double(beginnings.count) > expected * 0.95, "\(kind): \(beginnings.count) of \(expected)")
    }
    #expect(year.missed.isEmpty)
  }

  @Test("Never two at once, and never one in what is past", arguments: 0..<20 as Range<UInt64>)
  func oneAtATime(seed: UInt64) {
    var year = Year(SchedulePlan(intervals: Self.usual), seed: seed)
    (year.jumpsOnceIn, year.isOffOnceIn, year.doubtsOnceIn) = (50, 400, 5)
    year.run(days: 100)
    #expect(
      zip(year.rounds, year.rounds.dropFirst()).allSatisfy { $1.began.steady >= $0.ended.steady })
    #expect(year.rounds.count > 1000)
  }

  @Test("The first round of all begins at once; one of which nothing came is tried again soon")
  func failure() {
    func moment(_ seconds: Double) -> Moment {
      Moment(wall: Timestamp(seconds: 1_800_000_000 + Int64(seconds)), steady: UInt64(seconds * 1e9))
    }
    let noon = LocalTime(day: CivilDate(daysSinceEpoch: 20_000), minute: 720)
    var schedule = Schedule(
      SchedulePlan(intervals: [.full: 86_400]), lastStarts: [:], seed: 1, now: moment(0))
    #expect(schedule.next(moment(0), local: noon) == .run(.init(kind: .full)))
    schedule.finished(moment(20), failed: true)
    guard case .wait(let until) = schedule.next(moment(20), local: noon) else {
      Issue.record("it is tried again at once")
      return
    }
    #expect((560.0...680.0).contains(Double(until) / 1e9))
    #expect(schedule.next(moment(681), local: noon) == .run(.init(kind: .full)))
    schedule.finished(moment(700))
    #expect(schedule.next(moment(1400), local: noon) != .run(.init(kind: .full)))
  }

  @Test("Rounds begin at every minute of the hour alike")
  func noBurst() {
    var year = Year(SchedulePlan(intervals: [.reach: 900]), seed: 1)
    year.run()
    var minutes = Array(repeating: 0, count: 60)
    for round in year.rounds { minutes[round.local.minute % 60] += 1 }
    let mean = Double(year.rounds.count) / 60
    // The beat wanders through the hour in about a day, so that a year is some 360 draws and not 35,000.
    #expect(minutes.allSatisfy { (mean * 0.7...mean * 1.3).contains(Double($0)) }, "\(minutes)")
  }

  @Test("A wall clock that jumps moves no interval", arguments: 0..<10 as Range<UInt64>)
  func jumps(seed: UInt64) {
    var year = Year(SchedulePlan(intervals: Self.usual), seed: seed)
    year.jumpsOnceIn = 10
    year.run()
    let beginnings = year.beginnings(.reach, covering: [.full])[0]
    let gaps = zip(beginnings.dropFirst(), beginnings).map { Double($0 - $1) / 1e9 }
    #expect(gaps.allSatisfy { $0 < 900 * 1.1 + 5 * 60 }, "\(gaps.max() ?? 0)")
    let own = year.beginnings(.reach)[0]
    #expect(zip(own.dropFirst(), own).allSatisfy { Double($0 - $1) / 1e9 >= 900 * 0.9 })
  }

  @Test(
    "After days off each kind is run once, and not all of them together", arguments: 0..<10 as Range<UInt64>)
  func catchUp(seed: UInt64) {
    var year = Year(SchedulePlan(intervals: Self.usual), seed: seed)
    year.isOffOnceIn = 300
    year.run()
    let lives = Dictionary(grouping: year.rounds, by: \.life)
    #expect(lives.count > 20)
    for (life, rounds) in lives where life > 0 {
      guard let first = rounds.first else { continue }
      let soon = rounds.filter { $0.began.steady - first.began.steady < 800 * Year.second }
      for kind in RoundKind.allCases { #expect(soon.count { $0.order.kind == kind } <= 1, "\(kind)") }
    }
    // Kinds that were overdue together begin apart from each other.
    let apart = lives.values.compactMap { rounds -> UInt64? in
      rounds.count > 1 ? rounds[1].began.steady - rounds[0].ended.steady : nil
    }
    #expect(apart.count { $0 > 5 * Year.second } * 2 > apart.count, "\(apart)")
  }

  @Test("A restart does not ask again what was asked just now")
  func restart() {
    let now = Moment(wall: Timestamp(seconds: 1_700_000_000), steady: 1 << 40)
    let last = Timestamp(seconds: 1_700_000_000 - 100)
    var schedule = Schedule(
      SchedulePlan(intervals: [.reach: 900]), lastStarts: [.reach: last], seed: 1, now: now)
    var time = now
    while true {
      let step = schedule.next(time, local: Year.local(time.wall))
      guard case .wait(let until) = step else { break }
      time.steady = until
    }
    #expect(time.steady - now.steady == 800 * Year.second)
  }

  @Test("Rounds that take longer than their interval: a pause after each, the others not starved")
  func backPressure() {
    var year = Year(SchedulePlan(intervals: [.reach: 300, .names: 3600, .services: 21_600]), seed: 3)
    year.duration = { $0 == .reach ? 900...1200 : 60...120 }
    year.run(days: 60)
    let reach = year.rounds.filter { $0.order.kind == .reach }
    #expect(
      zip(reach, reach.dropFirst()).allSatisfy { $1.began.steady - $0.ended.steady >= 30 * Year.second })
    #expect(year.missed[.reach] ?? 0 > 2 * reach.count)
    for (kind, interval) in [(RoundKind.names, 3600.0), (.services, 21_600)] {
      let beginnings = year.beginnings(kind)[0]
      let gaps = zip(beginnings.dropFirst(), beginnings).map { Double($0 - $1) / 1e9 }
      #expect(gaps.allSatisfy { $0 < interval * 1.1 + 3000 }, "\(kind): \(gaps.max() ?? 0)")
    }
  }

  @Test("Two kinds that could fill all the time leave room for a third")
  func fairness() {
    var year = Year(SchedulePlan(intervals: [.reach: 300, .names: 300, .exposure: 86_400]), seed: 5)
    year.duration = { _ in 900...1000 }
    year.run(days: 60)
    let counts = Dictionary(grouping: year.rounds, by: \.order.kind).mapValues(\.count)
    #expect(counts[.exposure] ?? 0 > 50, "\(counts)")
    #expect(abs((counts[.reach] ?? 0) - (counts[.names] ?? 0)) < 300, "\(counts)")
  }

  @Test("The whole rubric counts as a round of every kind")
  func fullCovers() {
    let start = Moment(wall: Timestamp(seconds: 1_700_000_000), steady: 1 << 40)
    // Exposure would be due in 2000 s; the whole rubric is overdue and comes within 600.
    let lasts = [
      RoundKind.full: start.wall.microseconds - 90_000_000_000,
      .exposure: start.wall.microseconds - 84_400_000_000,
    ]
    var schedule = Schedule(
      SchedulePlan(intervals: [.full: 86_400, .exposure: 86_400]),
      lastStarts: lasts.mapValues(Timestamp.init(microseconds:)), seed: 1, now: start)
    var (time, orders) = (start, [Schedule.Order]())
    while time.steady - start.steady < 86_400 / 2 * Year.second {
      switch schedule.next(time, local: Year.local(time.wall)) {
      case .wait(let until): time.steady = until
      case .run(let order):
        orders.append(order)
        schedule.finished(time)
      }
    }
    #expect(orders == [Schedule.Order(kind: .full)])
  }

  @Test(
    "Maintenance: nobody of an agency in its own, nobody at all in everybody's",
    arguments: 0..<5 as Range<UInt64>)
  func maintenance(seed: UInt64) {
    let plan = SchedulePlan(
      intervals: Self.usual,
      maintenance: [
        MaintenanceWindow(days: [.saturday], from: 22 * 60, until: 4 * 60),
        MaintenanceWindow(agencies: ["so-a", "so-b"], from: 60, until: 120),
      ])
    var year = Year(plan, seed: seed)
    (year.jumpsOnceIn, year.isOffOnceIn) = (200, 2000)
    year.run()
    let wrong = year.rounds.first { round in
      let (minute, day) = (round.local.minute, round.local.weekday)
      let isClosed = day == .saturday && minute >= 22 * 60 || day == .sunday && minute < 4 * 60
      return isClosed || round.order.resting != ((60..<120).contains(minute) ? ["so-a", "so-b"] : [])
    }
    #expect(wrong == nil)
    // What waited for the end of the window does not begin all at once with it.
    let first = year.rounds.filter { $0.local.weekday == .sunday && $0.local.minute == 240 }
    #expect(first.count < 30, "\(first.count)")
  }

  @Test("Doubt is looked at again within minutes, and does not starve rounds")
  func retest() {
    var year = Year(SchedulePlan(intervals: Self.usual, retest: 120), seed: 4)
    year.doubtsOnceIn = 1
    year.run(days: 30)
    let retests = year.rounds.filter { $0.order.hosts != nil }
    #expect(retests.count > 5000)
    #expect(retests.allSatisfy { $0.order.hosts?.isEmpty == false })
    let beginnings = year.beginnings(.reach, covering: [.full])[0]
    let gaps = zip(beginnings.dropFirst(), beginnings).map { Double($0 - $1) / 1e9 }
    #expect(gaps.allSatisfy { $0 < 900 * 1.1 + 5 * 60 }, "\(gaps.max() ?? 0)")
    var ended: [RoundKind: UInt64] = [:]
    var again: [Double] = []
    for round in year.rounds {
      if round.order.hosts != nil, let before = ended[round.order.kind] {
        again.append(Double(round.began.steady - before) / 1e9)
      }
      ended[round.order.kind] = round.ended.steady
    }
    #expect(again.allSatisfy { (108...500).contains($0) }, "\(again.min() ?? 0) \(again.max() ?? 0)")
  }

  @Test("Another plan: a shorter interval begins to count at once, what is as it was keeps its beat")
  func reload() {
    let start = Moment(wall: Timestamp(seconds: 1_700_000_000), steady: 1 << 40)
    var schedule = Schedule(
      SchedulePlan(intervals: [.full: 86_400, .reach: 900]),
      lastStarts: [.full: start.wall, .reach: start.wall], seed: 1, now: start)
    schedule.replace(SchedulePlan(intervals: [.full: 3600, .reach: 900, .names: 600]), now: start)
    var (time, begun) = (start, [RoundKind: UInt64]())
    while begun.count < 3 {
      switch schedule.next(time, local: Year.local(time.wall)) {
      case .wait(let until): time.steady = until
      case .run(let order):
        if begun[order.kind] == nil { begun[order.kind] = (time.steady - start.steady) / Year.second }
        schedule.finished(time)
      }
    }
    #expect(begun[.reach] == 900)
    #expect(begun[.full] == 3600)
    #expect(begun[.names] ?? .max <= 150)
    // A kind that is taken away while its round is under way has no second look either.
    var order: Schedule.Order?
    while order == nil {
      switch schedule.next(time, local: Year.local(time.wall)) {
      case .wait(let until): time.steady = until
      case .run(let ordered): order = ordered
      }
    }
    schedule.replace(SchedulePlan(intervals: [:]), now: time)
    schedule.finished(time, doubtful: ["a"])
    #expect(schedule.next(time, local: Year.local(time.wall)) == .wait(until: .max))
  }
}

@Suite("Maintenance windows") struct MaintenanceWindowTests {
  @Test("Over midnight they belong to the day on which they begin")
  func overMidnight() {
    // 2026-11-27 is a Friday.
    let friday = CivilDate("2026-11-27").map(\.daysSinceEpoch) ?? 0
    #expect(Weekday(of: CivilDate(daysSinceEpoch: friday)) == .friday)
    #expect(Weekday(of: CivilDate(daysSinceEpoch: -1)) == .wednesday)
    let window = MaintenanceWindow(days: [.friday], from: 1380, until: 120)
    let expected = [
      (0, 119, false), (0, 1379, false), (0, 1380, true), (0, 1439, true), (1, 0, true), (1, 119, true),
      (1, 120, false), (1, 1380, false), (2, 0, false),
    ]
    for (day, minute, isIn) in expected {
      let time = LocalTime(day: CivilDate(daysSinceEpoch: friday + day), minute: minute)
      #expect(window.contains(time) == isIn, "\(day) \(minute)")
    }
    let whole = MaintenanceWindow(from: 0, until: 0)
    #expect(whole.contains(LocalTime(day: CivilDate(daysSinceEpoch: 0), minute: 720)))
  }
}
