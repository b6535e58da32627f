// The addresses of a host: whether there are any, and what they are for.

extension Vietnamese {
  static let addressDeclared = Explanation(cause: "Danh mục có khai báo địa chỉ IPv6 cho máy chủ.")

  static let addressPublished = Explanation(
    cause: "Một tên của máy chủ công bố bản ghi AAAA, dù danh mục không khai báo địa chỉ IPv6.")

  static let noAddress = Explanation(
    cause: """
      Danh mục không khai báo địa chỉ IPv6, và không tên nào đã khai báo có bản ghi AAAA: máy chủ tên miền \
      trả lời như vậy, hoặc không có tên nào để hỏi.
      """,
    fix: """
      Gán cho máy chủ một địa chỉ toàn cầu cố định trong dải của cơ quan, lưu vĩnh viễn trong cấu hình mạng \
      (thử tạm: `ip -6 addr add ADDRESS/64 dev IFACE`). Mở tường lửa cho địa chỉ đó, kiểm tra từng dịch vụ, \
      cuối cùng mới công bố AAAA. Thêm địa chỉ vào `hosts.csv`; kiểm tra bằng `ping -6 ADDRESS` và \
      `dig NAME AAAA +short`.
      """)

  static let aaaaNotAnswered = Explanation(
    cause: """
      Danh mục không khai báo địa chỉ IPv6, còn DNS khi được hỏi AAAA thì không trả về bản ghi mà cũng không \
      phủ nhận (SERVFAIL, REFUSED, hết thời gian chờ). Không thể nói máy chủ có IPv6 hay không.
      """,
    fix: """
      Xem máy chủ tên miền nào lỗi: `dig NAME AAAA`, rồi `dig @SERVER NAME AAAA +norecurse` với từng máy chủ \
      trong `dig ZONE NS`. Khắc phục máy chủ đó, hoặc khai báo địa chỉ trong `hosts.csv`, rồi chạy \
      `v6audit check HOST`.
      """)

  static let scopeGlobal = Explanation(
    cause: "Địa chỉ là unicast toàn cầu: nơi khác tới được.")

  static let scopeUnspecified = Explanation(
    cause: "Địa chỉ `::` nghĩa là không có địa chỉ; không thể tới máy chủ bằng địa chỉ này.",
    fix: renumber)

  static let scopeLoopback = Explanation(
    cause: """
      `::1` là chính máy đang dùng: máy khách nào cũng sẽ kết nối tới loopback của mình. Thường là do tệp \
      mẫu hoặc nội dung /etc/hosts lọt vào vùng DNS.
      """,
    fix: renumber)

  static let scopeLinkLocal = Explanation(
    cause: """
      Địa chỉ link-local (fe80::/10, RFC 4291 §2.5.6) chỉ có giá trị trên một liên kết, vô nghĩa với máy \
      khách ở nơi khác. Thường do cập nhật DNS động tự đăng ký.
      """,
    fix: renumber)

  static let scopeUniqueLocal = Explanation(
    cause: """
      Địa chỉ unique local (ULA, fc00::/7, RFC 4193) chỉ được định tuyến trong nội bộ tổ chức. Máy khách bên \
      ngoài nhận được nó từ bản ghi AAAA sẽ phải chờ hết thời gian rồi mới chuyển sang IPv4.
      """,
    fix: """
      Gán thêm cho máy chủ một địa chỉ toàn cầu và chỉ công bố địa chỉ đó; nếu nội bộ cần ULA thì trả về từ \
      view nội bộ của DNS. \(verifyRecord)
      """)

  static let scopeIPv4Mapped = Explanation(
    cause: """
      Địa chỉ IPv4 viết theo dạng IPv6 (::ffff:0:0/96, RFC 4291 §2.5.5) chỉ tồn tại bên trong phần mềm. Trên \
      đường truyền, đó không phải là IPv6.
      """,
    fix: renumber)

  static let scope6to4 = Explanation(
    cause: """
      Địa chỉ 6to4 (2002::/16) phụ thuộc vào các relay đã ngừng hoạt động (RFC 7526): ít máy khách tới được, \
      và không bao giờ ổn định.
      """,
    fix: """
      Tắt 6to4 trên máy chủ hoặc router, đăng ký IPv6 thuần (native) với nhà cung cấp và đánh địa chỉ lại \
      theo dải đó. \(verifyRecord)
      """)

  static let scopeTeredo = Explanation(
    cause: """
      Địa chỉ Teredo (2001::/32, RFC 4380) là cách để máy khách đi qua NAT, không thể dùng cho máy chủ. \
      Thường do một máy Windows cũ tự đăng ký.
      """,
    fix: """
      Tắt Teredo (`netsh interface teredo set state disabled`), gán cho máy chủ địa chỉ toàn cầu thuần IPv6 \
      và sửa bản ghi. \(verifyRecord)
      """)

  static let scopeNAT64 = Explanation(
    cause: """
      Địa chỉ NAT64 (64:ff9b::/96, RFC 6052) là địa chỉ IPv4 được chuyển dịch: bản thân máy chủ không có \
      IPv6. Hoặc resolver tự sinh AAAA (DNS64), hoặc có người đã công bố địa chỉ chuyển dịch.
      """,
    fix: """
      Hỏi thẳng máy chủ tên miền của vùng, không qua resolver: `dig @SERVER NAME AAAA`. Nếu không có bản ghi \
      đó, đo với `--resolver` không dùng DNS64. Nếu có, xóa bản ghi và gán cho máy chủ địa chỉ IPv6 của \
      chính nó.
      """)

  static let scopeDocumentation = Explanation(
    cause: """
      Địa chỉ thuộc dải dành cho tài liệu và thử nghiệm (2001:db8::/32, 3fff::/20). Chỉ chính sách cho phòng \
      thí nghiệm mới coi là toàn cầu; trên Internet không nơi nào định tuyến dải này, nên ở đây nhiều khả \
      năng là ví dụ bị chép nguyên.
      """,
    fix: """
      Trong phòng thí nghiệm, đo với `--policy 2026-0-lab`. Ở nơi khác, đánh địa chỉ lại theo dải của cơ \
      quan, sửa `hosts.csv` và bản ghi AAAA. \(verifyRecord)
      """)

  static let scopeMulticast = Explanation(
    cause: """
      Địa chỉ multicast (ff00::/8) chỉ một nhóm máy nhận, không thể là địa chỉ của một máy chủ.
      """,
    fix: renumber)

  static let scopeDiscard = Explanation(
    cause: """
      Địa chỉ nằm trong 100::/64, lưu lượng tới đây bị router hủy bỏ (RFC 6666): dấu vết của một lần \
      blackhole, có thể sau một cuộc tấn công.
      """,
    fix: renumber)

  static let scopeReserved = Explanation(
    cause: """
      Địa chỉ nằm ngoài không gian mà IANA đã cấp cho unicast. Phần lớn là do gõ nhầm: thừa một chữ số hoặc \
      thiếu một nhóm.
      """,
    fix: renumber)

  private static let verifyRecord = """
    Kiểm tra bằng `dig NAME AAAA +short` tại từng máy chủ tên miền của vùng.
    """

  private static let renumber = """
    Gán cho máy chủ một địa chỉ toàn cầu trong dải của cơ quan, xóa địa chỉ này khỏi bản ghi AAAA và khỏi \
    `hosts.csv`. \(verifyRecord)
    """
}
