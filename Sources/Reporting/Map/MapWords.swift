import Readiness

/// The words of a map.
struct MapWords: Sendable {
  let language: Language

  init(_ language: Language) { self.language = language }

  private func say(_ vi: String, _ en: String) -> String { language == .vi ? vi : en }

  var title: String { say("Bản đồ chuyển đổi IPv6", "Map of IPv6 conversion") }
  var unknown: String { say("chưa rõ", "unknown") }
  var nothingMeasured: String { say("Chưa đo lần nào.", "Nothing was measured yet.") }

  /// States of hosts with what they mean, in the order in which a host comes to them.
  var states: [(String, String)] {
    [
      ("none", say("không có IPv6", "no IPv6")), ("addressed", say("có địa chỉ", "has an address")),
      ("reachable", say("cổng trả lời", "its ports answer")),
      ("operational", say("hoạt động", "works")),
      ("ipv6only", say("hoạt động không cần IPv4", "works without IPv4")),
      ("unknown", say("chưa rõ", "unknown")), ("exempt", say("được miễn", "exempt")),
      ("unmeasured", say("chưa đo", "not measured")),
    ]
  }

  func state(_ word: String) -> String { states.first { $0.0 == word }?.1 ?? word }

  func outcome(_ outcome: Outcome?) -> String {
    switch outcome {
    case .converted: say("đã chuyển đổi", "converted")
    case .notConverted: say("chưa chuyển đổi", "not converted")
    case .unknown: unknown
    case .exempt: say("được miễn", "exempt")
    case nil: say("chưa đo", "not measured")
    }
  }

  func use(_ use: PrefixUse) -> String {
    if use.bits == 0 { return use.used > 0 ? say("đang dùng", "in use") : say("chưa dùng", "not in use") }
    let all = use.bits < 63 ? "\(UInt64(1) << UInt64(use.bits))" : "2^\(use.bits)"
    return say("dùng \(use.used) trên \(all) mạng con /64", "\(use.used) of \(all) subnets in use")
  }
}

extension CityMap {
  /// What stands before the first heading. Colours differ in brightness as well: a reader who does not tell red from green sees
  /// them all the same.
  static func head(_ title: String, _ language: Language) -> String {
    """
    <!DOCTYPE html>
    <html lang=\(language.rawValue)><head><meta charset=utf-8><meta name=viewport content="width=device-width">
    <meta http-equiv=Content-Security-Policy content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(title)</title><style>
    :root{--none:#b2182b;--addressed:#ef8a62;--reachable:#fddbc7;--operational:#4d9221;--ipv6only:#276419;--unknown:#bdbdbd;
    --exempt:#dfc27d;--unmeasured:#f0f0f0}
    *{box-sizing:border-box}body{font:14px/1.4 system-ui,sans-serif;margin:1rem;color:#222;background:#fff}
    h1{font-size:1.4rem;margin:0}.figure{font-size:1.2rem;margin:.2rem 0}.made{color:#666;margin:0 0 .5rem}
    .none{--c:var(--none)}.addressed{--c:var(--addressed)}.reachable{--c:var(--reachable)}.operational,.converted{--c:var(--operational)}
    .ipv6only{--c:var(--ipv6only)}.unknown{--c:var(--unknown)}.exempt{--c:var(--exempt)}.unmeasured{--c:var(--unmeasured)}
    .not_converted{--c:var(--none)}
    i{display:inline-block;width:10px;height:10px;margin:1px;background:var(--c);border:1px solid #0003;vertical-align:middle}
    ul{list-style:none;padding:0;margin:.3rem 0}.legend li{display:inline-block;margin-right:1rem}
    nav{display:flex;flex-wrap:wrap;gap:2px;margin:.5rem 0 1rem}
    nav a{width:16px;height:16px;background:var(--c);border:1px solid #0003}
    nav a:focus,nav a:hover{outline:2px solid #222}
    main{display:grid;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));gap:.6rem}
    section{border:1px solid #ddd;border-left:6px solid var(--c);padding:.4rem .6rem;break-inside:avoid}
    section:target{outline:3px solid #2166ac}h2{font-size:1rem;margin:0}section p{margin:0;color:#444}
    .systems b{font-weight:normal;margin-right:.4rem}.use{font-size:.8rem;color:#444}
    .bar{display:inline-block;width:6rem;height:.6rem;background:#eee;border:1px solid #ccc;margin:0 .4rem;vertical-align:middle}
    .bar span{display:block;height:100%;background:#2166ac}
    @media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}section p,.use,.made{color:#aaa}section{border-color:#444}
    section{border-left-color:var(--c)}}
    </style></head><body>

    """
  }
}
