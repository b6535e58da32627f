/// Asks each question, at most `atOnce` at once, and hands over the answers as they come. When the task is cancelled no more are
/// begun; when an answer cannot be taken, those under way are cancelled.
func askEach<Question: Sendable, Answer: Sendable, Failure: Error>(
  _ questions: [Question], atOnce: Int, ask: @escaping @Sendable (Question) async -> Answer,
  take: (Question, Answer) async throws(Failure) -> Void
) async throws(Failure) {
  let outcome: Result<Void, Failure> = await withTaskGroup(of: (Int, Answer).self) { group in
    var next = 0
    func startOne() {
      guard next < questions.count, !Task.isCancelled else { return }
      let index = next
      next += 1
      group.addTask { (index, await ask(questions[index])) }
    }
    for _ in 0..<atOnce { startOne() }
    while let (index, answer) = await group.next() {
      do throws(Failure) {
        try await take(questions[index], answer)
      } catch {
        group.cancelAll()
        return .failure(error)
      }
      startOne()
    }
    return .success(())
  }
  try outcome.get()
}
