/// A certification authority of openssl's making, for one test.
struct Authority {
  private let scratch: Scratch
  private let name: String

  /// Its own certificate.
  var certificate: String { scratch.file("\(name).pem") }

  init(_ name: String = "ca", in scratch: Scratch) throws {
    self.scratch = scratch
    self.name = name
    try Tool.run(
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
      scratch.file("\(name).key"), "-out", scratch.file("\(name).pem"), "-subj", "/CN=\(name)", "-days",
      "3650",
      "-addext", "basicConstraints=critical,CA:TRUE")
  }

  /// One whose certificate and key have been issued before.
  init(existing name: String, in scratch: Scratch) {
    self.scratch = scratch
    self.name = name
  }

  /// Issues a certificate and returns the paths of certificate and key. Dates are `YYYYMMDDHHMMSSZ`.
  func issue(
    _ subject: String, alternativeNames: String?, extensions: String = "",
    authority: Bool = false, days: Int = 30, from: String? = nil, until: String? = nil
  ) throws -> (certificate: String, key: String) {
    let (key, request, certificate) = (
      scratch.file("\(subject).key"), scratch.file("\(subject).csr"), scratch.file("\(subject).pem")
    )
    try Tool.run(
      "openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
      "-out",
      request, "-subj", "/CN=\(subject)")
    let names = alternativeNames.map { "subjectAltName=\($0)\n" } ?? ""
    let configuration = try scratch.write(
      """
      [ca]
      default_ca = here
      [here]
      database = \(try scratch.write("", to: "\(subject).index"))
      new_certs_dir = \(scratch.path)
      serial = \(try scratch.write("01\n", to: "\(subject).serial"))
      default_md = sha256
      policy = any
      x509_extensions = leaf
      unique_subject = no
      [any]
      commonName = supplied
      [leaf]
      basicConstraints = CA:\(authority ? "TRUE" : "FALSE")
      \(names)\(extensions)
      """, to: "\(subject).cnf")
    let dates =
      if let from, let until {
        ["-startdate", from, "-enddate", until]
      } else {
        ["-days", "\(days)"]
      }
    try Tool.runAll(
      "openssl",
      [
        "ca", "-batch", "-notext", "-config", configuration, "-in", request, "-out", certificate, "-cert",
        scratch.file("\(name).pem"), "-keyfile", scratch.file("\(name).key"),
      ] + dates)
    return (certificate, key)
  }
}
