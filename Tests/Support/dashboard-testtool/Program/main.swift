// Serves a made-up city, for tests, measurements and hostile clients.
//
//   dashboard-testtool [--hosts N] [--listen ENDPOINT]… [--inherit DESCRIPTOR]… [--token TEXT] [--cert FILE --key FILE]
//                      [--store FILE] [--runs N] [--until-eof yes] [--connections N] [--requests N]
//                      [--request-time MS] [--idle-time MS] [--answer-time MS]
//
// Prints `listening ENDPOINT` for each endpoint, then `serving`. Ends on SIGTERM. With --hosts 0 it knows nothing yet.
// With --runs it makes the store first. With --until-eof it ends when its input does, so that it outlives no test.

import Dashboard
import DashboardSamples
import Foundation
import Glibc
import Logging
import NIOCore
import Observations
import ServiceLifecycle
import Store

func say(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(1, line, line.count)
}

func fail(_ text: String) -> Never {
  say("error: \(text)")
  exit(1)
}

signal(SIGPIPE, SIG_IGN)
var hosts = 20
var runs = 0
var endsWithInput = false
var settings = DashboardSettings(endpoints: [], storePath: "/nonexistent/v6audit.db", version: "1.0.0-test")
var arguments = CommandLine.arguments.dropFirst()
while let name = arguments.popFirst() {
  guard let value = arguments.popFirst() else { fail("\(name) needs a value") }
  func number() -> Int {
    guard let number = Int(value) else { fail("\(name) \(value) is no number") }
    return number
  }
  switch name {
  case "--hosts": hosts = number()
  case "--runs": runs = number()
  case "--until-eof": endsWithInput = value == "yes"
  case "--listen":
    // Port 0 is no endpoint that people write.
    let parts =
      value.hasSuffix(":0")
      ? Endpoint(value.dropLast(1) + "1").map { Endpoint($0.address, 0) } : Endpoint(value)
    guard let endpoint = parts else { fail("\(value) is no endpoint") }
    settings.endpoints.append(endpoint)
  case "--inherit": settings.inherited.append(Int32(number()))
  case "--token": settings.token = Array(value.utf8)
  case "--cert": settings.certificates = value
  case "--key": settings.privateKey = value
  case "--store": settings.storePath = value
  case "--connections": settings.limits.connections = number()
  case "--requests": settings.limits.requests = number()
  case "--request-time": settings.limits.requestTime = .milliseconds(Int64(number()))
  case "--idle-time": settings.limits.idleTime = .milliseconds(Int64(number()))
  case "--answer-time": settings.limits.answerTime = .milliseconds(Int64(number()))
  default: fail("there is no \(name)")
  }
}
if endsWithInput {
  Thread.detachNewThread {
    while getchar() != EOF {}
    exit(0)
  }
}
do {
  if runs > 0 { try SampleStore.write(runs: runs, to: settings.storePath) }
  var log = Logger(label: "dashboard-testtool")
  log.logLevel = .warning
  let source = SampleSource(hosts == 0 ? nil : SampleCity(hosts: hosts), version: settings.version)
  let dashboard = try Dashboard(settings: settings, source: source, log: log)
  for endpoint in dashboard.endpoints { say("listening \(endpoint)") }
  say("serving")
  try await ServiceGroup(services: [dashboard], gracefulShutdownSignals: [.sigterm], logger: log).run()
  say("ended")
} catch {
  fail("\(error)")
}
