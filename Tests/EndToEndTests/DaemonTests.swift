import Foundation
import Testing

/// The daemon as a process: what it says, what it leaves, how it ends.
@Suite(.timeLimit(.minutes(5))) struct DaemonTests {
  /// A configuration for a lab, short of an inventory of its own, and the daemon in the background.
  static let start = """
    daemon=
    trap '[ -n "$daemon" ] && kill -9 "$daemon" 2>/dev/null' EXIT
    configure() {
      cat > d.yaml <<YAML
    inventory: $LAB_INVENTORY
    db: $PWD/d.db
    evidence: $PWD/d.evidence
    socket: $PWD/d.sock
    policy: 2026-1-lab
    vantage:
      name: lab
      resolver: "$LAB_RESOLVER"
      root: "$LAB_ROOT"
      ca-file: $LAB_CA
      control: "$LAB_CONTROL"
      dark: "$LAB_DARK"
    pace:
      packets-per-second: 2000
    web:
      listen: off
    export:
      directory: $PWD/export
    rounds:
      full: 1h
      reach: ${1:-off}
      names: off
      services: off
      exposure: off
      retest: 10s
    YAML
    }
    unset V6AUDIT_DB
    start() { v6audit daemon --config d.yaml 2>d.log & daemon=$!; }
    wait_for() { for _ in $(seq 600); do eval "$1" && return 0; sleep 0.2; done; echo "waited in vain: $1"; cat d.log; exit 9; }
    """

  @Test func measuresAndAnswersAndStops() async throws {
    let lab = try await Lab.start("daemon", inventory: Room.repository + "/Tests/Lab/inventories/three")
    let ended = try await lab.run(
      Self.start + """

        configure 10s
        v6audit config check --config d.yaml || exit 1
        start
        wait_for 'v6audit status --socket d.sock --json >status.json 2>/dev/null && grep -q "\\"kind\\" : \\"reach\\"" status.json'
        v6audit status --socket d.sock
        echo "== capabilities"
        for process in $(pgrep -f "v6audit (daemon|launcher|worker)" -P $$) $(pgrep -P $daemon); do
          for task in /proc/$process/task/*; do
            echo "$(tr '\\0' ' ' </proc/$process/cmdline | cut -d' ' -f2) $(grep -E 'Cap(Eff|Prm|Inh|Amb)' $task/status | cut -f2 | tr '\\n' ' ')"
          done
        done | sort -u
        kill -TERM $daemon; wait $daemon; echo "== ended $?"
        daemon=
        cat d.log
        v6audit report --db d.db --format csv | head -2
        v6audit export --config d.yaml
        (cd export/*/ && sha256sum -c SHA256SUMS)
        """)
    print(ended.stdout, ended.stderr)
    #expect(ended.status == 0)
    await lab.close()
  }
}
