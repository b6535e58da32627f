// The agency's prefixes, the interface identifier, earlier rounds, and life without IPv4.

extension Vietnamese {
  static let inAgencyPrefix = Explanation(
    cause: "Địa chỉ nằm trong dải mà `prefixes.csv` ghi cho cơ quan.")

  static let outsideAgencyPrefix = Explanation(
    cause: """
      Địa chỉ không nằm trong dải IPv6 nào mà `prefixes.csv` ghi cho cơ quan của máy chủ: máy chủ dùng địa chỉ của \
      cơ quan khác hoặc của nhà cung cấp, dải của cơ quan chưa được ghi vào danh mục, hoặc máy chủ đã chuyển chỗ mà \
      danh mục chưa sửa. Bộ lọc và định tuyến theo cơ quan sẽ xử lý nhầm máy chủ này.
      """,
    fix: """
      Tra xem địa chỉ thuộc về ai: `whois ADDRESS` và `grep allow prefixes.csv`. Nếu cơ quan có dải đó thì thêm dòng \
      vào danh mục; nếu máy chủ thuộc cơ quan khác thì sửa cột `agency` trong `hosts.csv`; nếu không thì đổi sang \
      địa chỉ trong dải của cơ quan và sửa bản ghi AAAA. Kiểm tra bằng `v6audit inventory check DIR` rồi đo lại.
      """)

  static let noAgencyPrefix = Explanation(
    cause: "`prefixes.csv` không ghi dải IPv6 nào cho cơ quan của máy chủ, nên không có gì để đối chiếu.")

  static let iidManual = Explanation(
    cause: "Nửa sau của địa chỉ có vẻ do người đặt: ngắn, hoặc có nhiều số không.")

  static let iidRandom = Explanation(
    cause: """
      Nửa sau của địa chỉ trông như ngẫu nhiên. Có thể là loại cố định (RFC 7217) hoặc do người đặt, đều dùng được \
      cho máy chủ; loại tạm thời (RFC 8981) trông cũng y như vậy, chỉ khi đổi mới lộ ra. Nếu không ai đặt địa chỉ \
      này, hãy xem bằng `ip -6 addr` để chắc rằng nó không bị đánh dấu là tạm thời.
      """)

  static let iidEUI64 = Explanation(
    cause: """
      Nửa sau của địa chỉ được tạo từ địa chỉ phần cứng của card mạng (EUI-64 sửa đổi, RFC 4291 phụ lục A). Thay \
      card hoặc thay máy ảo là địa chỉ đổi theo, khi đó AAAA và mọi bộ lọc trỏ vào chỗ trống; địa chỉ còn để lộ hãng \
      sản xuất card (RFC 7721 §4).
      """,
    fix: """
      Đặt cho máy chủ một địa chỉ tự chọn trong cấu hình mạng, không dùng tự động cấu hình: thử bằng \
      `ip -6 addr add PREFIX::80/64 dev IFACE`, rồi tắt tự động cấu hình \
      (`sysctl net.ipv6.conf.IFACE.autoconf=0`). Sửa AAAA và `hosts.csv`, giữ địa chỉ cũ cho đến khi hết TTL của \
      bản ghi, kiểm tra bằng `ip -6 addr` và `dig NAME AAAA +short`.
      """)

  static let stable = Explanation(
    cause: "Gần như mọi lượt đo trong những ngày qua đều tới được tất cả các cổng của máy chủ qua IPv6.")

  static let unstable = Explanation(
    cause: """
      Lúc này máy chủ có thể trả lời, nhưng trong những ngày qua có quá nhiều lượt đo không tới được đủ các cổng qua \
      IPv6. Nguyên nhân thường gặp: tuyến hoặc đường truyền chập chờn, bảng láng giềng bị tràn, một máy trong nhóm \
      đứng sau cùng địa chỉ bị hỏng, tường lửa mất trạng thái IPv6, máy bị tắt vào ban đêm.
      """,
    fix: """
      Xem lượt đo nào hỏng và chúng có gì chung: `v6audit diff --since DATE` và `v6audit explain HOST`. Theo dõi \
      đường đi trong một ngày bằng `mtr -6 -c 1000 ADDRESS`, tìm dấu hiệu chập chờn trong nhật ký bộ định tuyến và \
      trạng thái IPv6 trong tường lửa. Các lượt đo mới được tính dần: phép kiểm tra đạt trở lại khi đủ lượt tốt nằm \
      trong thời gian giữ.
      """)

  static let historyTooShort = Explanation(
    cause: """
      Từ điểm đo này chưa có đủ số ngày đo máy chủ để nói về độ ổn định. Điều đó không giữ máy chủ lại ở mức nào.
      """)

  static let notSlower = Explanation(
    cause: "Trung vị thời gian bắt tay qua IPv6 xấp xỉ IPv4, hoặc nhanh hơn.")

  static let slowerThanIPv4 = Explanation(
    cause: """
      Trung vị thời gian bắt tay qua IPv6 lâu hơn nhiều so với IPv4 trên cùng một cổng. Khi đó IPv6 thường đi đường \
      khác: đường hầm tới nhà cung cấp ở xa, điểm trao đổi chỉ có IPv4, hoặc đi vòng qua trung tâm lọc lưu lượng. \
      Máy khách ưu tiên IPv6 nên chịu chậm (RFC 8305 §5 chỉ cho chúng chờ 250 ms).
      """,
    fix: """
      So sánh hai đường: `mtr -6 -T -P PORT ADDRESS` và tương tự với `-4`; chặng mà thời gian tăng vọt cho biết \
      đường truyền của ai. Đề nghị nhà cung cấp cấp IPv6 thuần trên cùng đường truyền và cùng điểm trao đổi, bỏ các \
      đường hầm. Kiểm tra bằng `v6audit check HOST`.
      """)

  static let tooFewHandshakes = Explanation(
    cause: """
      Cổng mở trên cả hai giao thức, nhưng quá ít lần bắt tay được trả lời ngay để tính trung vị: gói tin bị mất dọc \
      đường, hoặc có thiết bị giới hạn số kết nối mới.
      """,
    fix: """
      Tìm chỗ mất gói: `mtr -6 -T -P PORT -c 100 ADDRESS`, và tương tự với `-4`. Nếu máy chủ hoặc tường lửa giới hạn \
      kết nối mới thì cho điểm đo đi qua. Sau đó đo lại: `v6audit check HOST`.
      """)

  static let nothingToCompare = Explanation(
    cause:
      "Không có cổng TCP đã khai báo nào mở tại địa chỉ này và cũng mở qua IPv4, nên không có gì để so sánh.")

  static let vantageWithoutIPv4 = Explanation(
    cause: """
      Trang web tải được qua IPv6. Điểm đo này không có địa chỉ IPv4 nên không có gì để so sánh; muốn biết trang có \
      giống trang qua IPv4 hay không thì phải đo từ một điểm đo có cả hai giao thức.
      """)

  static let vantageHasIPv4 = Explanation(
    cause: """
      Điểm đo có địa chỉ IPv4 của riêng nó. Chỉ điểm đo hoàn toàn không có IPv4 mới chứng tỏ được rằng dịch vụ hoạt \
      động không cần IPv4.
      """)

  static let noIPv4Traffic = Explanation(
    cause: "Việc bắt gói thụ động đã theo dõi máy chủ đủ lâu và không thấy luồng IPv4 nào tới máy chủ.")

  static let ipv4Traffic = Explanation(
    cause: """
      Việc bắt gói thụ động thấy có luồng IPv4 tới máy chủ. Vẫn còn nơi chỉ truy cập qua IPv4: máy khách cũ, hệ thống \
      giám sát, cấu hình ghi thẳng địa chỉ IPv4. Chừng nào còn như vậy thì chưa thể tắt IPv4.
      """,
    fix: """
      Xem đó là ai: chạy `tcpdump -ni IFACE ip and host ADDRESS` trên đường truyền của máy chủ. Cấp IPv6 cho các máy \
      khách đó và dùng tên của máy chủ thay cho địa chỉ. Phép kiểm tra đạt khi không thấy luồng nào trong suốt thời \
      gian quy định.
      """)

  static let watchedTooBriefly = Explanation(
    cause: "Việc bắt gói thụ động chưa thấy luồng IPv4 nào tới máy chủ, nhưng thời gian theo dõi chưa đủ dài."
  )

  static let noPassiveCapture = Explanation(
    cause: "Không có việc bắt gói thụ động nào theo dõi lưu lượng của máy chủ này.")
}
