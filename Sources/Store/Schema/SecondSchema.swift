extension Schema {
  /// Captures beside audits: what they showed is kept as runs of a kind of their own.
  static let secondSchema = Migration(
    name: "0002-captures",
    sql: """
      ALTER TABLE run ADD COLUMN kind TEXT NOT NULL DEFAULT 'audit' CHECK (kind IN ('audit', 'capture'));
      """)
}
