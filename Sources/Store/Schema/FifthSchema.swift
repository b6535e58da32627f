extension Schema {
  /// The last round of each kind is found without a look at those before it.
  static let fifthSchema = Migration(
    name: "0005-last-rounds",
    sql: """
      CREATE INDEX run_by_round ON run (round) WHERE state = 'complete' AND kind = 'audit' AND is_retest = 0;
      """)
}
