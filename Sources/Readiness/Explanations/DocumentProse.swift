/// What `docs/checks.md` says beside its tables. Numbers come from the policy.
enum DocumentProse {
  static let opening = """
    # Checks, states and the figure

    How a packet becomes a percentage: what each check asks, how a host's state follows from its checks, how \
    hosts add up to systems, agencies and the city, and every reason a verdict can have, with its cause and \
    its remedy in English and Vietnamese.

    This file is written by `checksDocument()` in `Sources/Readiness/Explanations`, out of the rules that \
    judge. A test holds it to them; `V6AUDIT_WRITE_DOCS=1 swift test --filter ChecksDocumentTests` writes it \
    again.
    """

  static func policies(_ policy: Policy) -> String {
    """
    ## Policies

    A policy names the checks that count and the thresholds. It is a file; [policies.md](policies.md) explains its \
    keys and how to write another. This version ships these:

    * `\(Policy.current.id)`: all the checks below.
    * `\(Policy.first.id)`: what the first version measured, `dns.aaaa` at the resolver alone.
    * `\(Policy.lab.id)` and `\(Policy.firstLab.id)`: the same, but documentation space (2001:db8::/32, \
    3fff::/20, 2001:2::/48) counts as global. For a lab only: such addresses are routed nowhere else.

    A verdict is found from stored observations, the inventory, the policy and a day, by a pure function. \
    The same observations judged again under the same policy give the same answer, in whatever order they \
    come.
    """
  }

  static let verdicts = """
    ## Verdicts

    | verdict | meaning |
    |---|---|
    | `pass` | the condition was measured and holds |
    | `fail` | the condition was measured and does not hold |
    | `na` | the condition does not apply to this subject |
    | `unknown` | it could not be measured; never counted as pass |
    | `exempt` | a valid waiver stands in place of the verdict |

    Several rows of one check on one host (addresses, names, ports) count as the worst: `fail`, `unknown`, \
    `exempt`, `pass`, `na`.
    """

  static let checks = """
    ## Checks

    A gate decides the host's state. The others inform and decide nothing. `vantage.ipv6` is judged once a \
    run, and is one row of `checks.csv` with an empty `host`.
    """

  static let states = """
    ## Host states

    | state | meaning | converted |
    |---|---|---|
    | `none` | no usable IPv6 address | no |
    | `addressed` | every IPv6 address is one that others can reach (level 1) | no |
    | `reachable` | its TCP ports answer over IPv6 (level 2) | no |
    | `operational` | its names and services work over IPv6 (levels 3 and 4) | yes |
    | `ipv6only` | they work from a vantage that has no IPv4 at all (`operation.ipv6only`) | yes |
    | `unknown` | it could not be measured | no |
    | `exempt` | a waiver takes it out of the count | does not count |

    How a state is found:

    1. A host that a waiver covers as a whole is `exempt`.
    2. Otherwise go up the levels, 1 to 4, looking at the gates only.
    3. At the first level with a failing gate stop: the host has the state reached below it.
    4. At the first level with an `unknown` gate and no failing one stop: the host is `unknown`.
    5. `na` and `exempt` hold nothing up.
    6. A host that comes out as `operational` is `ipv6only` where `operation.ipv6only` passes.

    On a host without a usable IPv6 address the network checks are `na`. Comparisons with IPv4 are `na` \
    where IPv4 is not declared or does not answer at all: a host with IPv6 only, or whose IPv4 is dead, is \
    converted when its IPv6 works.

    When `vantage.ipv6` does not pass, `reach.*`, `dns.live`, `service.*` and `operation.ipv6only` are `unknown` \
    wherever they apply: what a vantage without IPv6 cannot reach says nothing about the hosts. `address.*` and `dns.aaaa` \
    are still judged.
    """

  static func rollUp(_ policy: Policy) -> String {
    """
    ## From hosts to the city

    Every condition is asked for twice: once with each unknown host counted as not converted, once as \
    converted. If it holds the first time the outcome is `converted`; if only the second time, `unknown`; \
    else `not_converted`.

    **System.** It is converted when every component is. Hosts with the same `component` stand together: \
    `web:1/2` asks for one of two, `web` for all. A host without `component` is one by itself. An exempt \
    host leaves the count, and as many of the rest are needed, at most all of them. A host that `web:2/3` \
    promises and the inventory lacks counts as not converted. A system whose hosts are all exempt is \
    `exempt`. A system without hosts stands for the systems it depends on; without these either it is \
    `unknown`.

    **Agency.** It is converted when all of these hold:

    * every class-1 system of its own is converted or exempt, and so is every system that one of these \
    depends on, directly or through others, whoever runs it (`depends_on`; what is exempt asks for nothing);
    * at least \(policy.otherHostsPercent) % of its other hosts that are not exempt are converted;
    * at most \(policy.unknownHostsPercent) % of these are unknown.

    Its other hosts are its own that are not in one of its own class-1 systems. It is `exempt` by a waiver \
    on it, or when all its hosts are exempt. It is `unknown` when it has neither host nor system, or none \
    that counts.

    **City.** The figure is converted agencies ÷ (registered − exempt). The target is met when 1000 · \
    converted ≥ \(policy.targetPerThousand) · eligible, in integers: \(policy.targetText) %. Percentages are \
    cut to two decimals, never rounded up: 84 of 85 is 98.82 %. `percent_low` counts unknown as not \
    converted, `percent_high` as converted. With nothing eligible there is no percentage.
    """
  }

  static let waivers = """
    ## Waivers

    A waiver has an owner, a reason and a last day, and holds through that day, UTC. On a host, or on its \
    system or agency, it makes the host `exempt`, on a system or agency also that itself. One for a single \
    check makes every row of that check on the host `exempt`, whatever it would have been; the row's detail \
    still tells. Since `exempt` holds nothing up, waiving a gate can make a host `operational`, and so \
    converted: to take a host without IPv6 out of the count, waive the host. An expired waiver counts for \
    nothing and is listed.
    """

  static func score(_ policy: Policy) -> String {
    let weights = policy.levelWeights.sorted { $0.key < $1.key }
    let used = weights.filter { level, _ in policy.checks.contains { $0.level == level } }
    let text = used.map { "L\($0.key) \($0.value)" }.joined(separator: ", ")
    return """
      ## Score

      0 to 100, to order a worklist; it never decides. In each level the share of passing checks, gates or \
      not, among those that are neither `na` nor `exempt`; the levels that have any are weighted (\(text)); \
      the result is cut to a whole number.
      """
  }

  static let secure = """
    ## Secure

    A host is secure when it is converted and every exposure check of the policy is `pass`, `na` or `exempt`; \
    `unknown` is not secure. Under a policy without an exposure check, as `2026-0`, nothing can be said of any host, \
    and the column is always `no`.
    """

  static let decisions = """
    ## Decisions worth knowing

    * A host that declares no service is `unknown` (`no-service-declared`): nothing about it can be \
    measured, and what was not measured is not converted.
    * A UDP port of unknown protocol (`udp:161`) is `unknown`: there is nothing to ask it. A TCP port of \
    unknown protocol (`tcp:9000`) is measured by `reach.tcp`, and `na` in `service.handshake`.
    * A TCP service answers when its port does; a UDP service answers when its own protocol does.
    * HTTP and HTTPS are asked under every name that publishes the address, or under all names where none \
    does. A host without a name only needs a trusted, current certificate: there is no name to match.
    * An SSH host key has nothing but its being the same to vouch for it. It may equal the key at any IPv4 \
    address; where IPv4 has addresses that could not be asked, the answer is `unknown`.
    * That IPv4 is absent or dead counts only if every name gave an A record or a denial. If not, what hangs \
    on the comparison is `unknown` (`ipv4-not-known`). `v6audit check -6` leaves IPv4 out on purpose: the \
    host is then judged as one that has none.
    * A certificate that holds over IPv6 passes whatever IPv4 shows. One that does not hold fails even if \
    IPv4 shows the same.
    * "Open on IPv4" means at one of the host's IPv4 addresses, "open on IPv6" at every usable IPv6 address: \
    a client may be given any of them.
    * A neighbour on the vantage's own link that does not answer Neighbor Discovery is a measured failure; a \
    silent gateway is not, since the packet never came near the host.
    * Where a control was not named, any IPv6 target that answers an echo or a SYN serves as the positive \
    control. With several controls one positive must answer, and no dark one may.
    * `dns.aaaa` fails on SERVFAIL, REFUSED and silence, unless no name of the run got a record or a denial: \
    then the resolver is at fault, and it is `unknown`.
    * From `2026-1` on `dns.aaaa` asks the authoritative servers. The worst of them decides. One that the \
    vantage cannot reach for lack of its family is not counted: without a route, or silent over IPv6 where the \
    controls show that IPv6 does not work. Silence over IPv4 is `unknown` where no server of any zone answered \
    over IPv4 in the run. One that the scope excludes leaves the name `unknown`.
    * What any authoritative server publishes is published: its addresses are measured like the resolver's.
    * Where the vantage's resolver makes AAAA up (DNS64, found as RFC 7050 says), addresses inside its prefix or \
    64:ff9b::/96 count for nothing and are not touched, unless a server of the zone publishes the very same.
    * `dns.ipv6only` is `na` for a name without AAAA: there is nothing to resolve to, and `dns.aaaa` says so.
    * `dns.reverse` asks about addresses of hosts that have a name; one PTR of several that maps back is enough.
    * `service.mail` asks port 25 by SYN. An exchanger outside the scope is judged from DNS alone.
    * Of several observations of the same thing in one run the latest counts.
    * `reach.stability` looks at earlier runs in the store: complete ones, from the same vantage, in which IPv6 worked \
    there. A host's round succeeded when every row of `reach.tcp` passed, failed when one failed, and does not count \
    otherwise; the run that is judged is not a round yet. The hold time of the policy is both how far back it looks \
    and how old the earliest round must be (rounds older than two hold times are not looked for). A host that broke \
    and was mended is so converted again only when enough good rounds lie within the hold time.
    * `reach.latency` compares the first declared TCP port that is open over both families. One SYN is one handshake, \
    never sent again; what was not answered is left out.
    * `address.iid` sees EUI-64 and nothing else for sure. An identifier that looks random passes: a stable one \
    (RFC 7217) and a temporary one (RFC 8981) look the same.
    * `operation.ipv6only` needs a vantage without any IPv4 address of its own. There an SSH host key cannot be \
    compared with IPv4, so such a host is `unknown` unless it has no IPv4; measure it from a vantage with both as well.
    """

  static let reasons = """
    ## Reasons

    The closed list of codes in the column `reason` of `checks.csv`. Words in capitals (`ADDRESS`, `PORT`, \
    `NAME`) stand for what the row names.
    """
}
