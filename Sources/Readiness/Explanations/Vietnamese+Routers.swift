// Bộ định tuyến trên chính liên kết của điểm đo.

extension Vietnamese {
  static let offLink = Explanation(
    cause: """
      Máy chủ không nằm trên liên kết của điểm đo: quảng bá của các bộ định tuyến ở đó không đi xa đến đây.
      """)

  static let raRegistered = Explanation(
    cause: "Bộ định tuyến quảng bá tiền tố đã đăng ký và, nếu có, resolver đã đăng ký.")

  static let raPrefixUnregistered = Explanation(
    cause: """
      Một bộ định tuyến đã đăng ký quảng bá một tiền tố không thuộc dòng allow nào của prefixes.csv: các máy tự \
      tạo địa chỉ ở đó (RFC 4862) mà không được định tuyến hay lọc như dự kiến. Thường là tiền tố còn sót sau khi \
      chuyển đổi, hoặc tiền tố do DHCPv6 ủy quyền ngoài ý muốn.
      """,
    fix: """
      Trên bộ định tuyến, gỡ tiền tố khỏi giao diện (radvd: `prefix …` trong /etc/radvd.conf; Cisco: `ipv6 nd \
      prefix`), trước hết đặt thời hạn bằng 0 để các máy thôi dùng; hoặc nếu tiền tố đúng thì thêm vào \
      prefixes.csv. Chạy `rdisc6 -1 eth0` trên một máy cùng liên kết để xem nội dung đang quảng bá.
      """)

  static let raRDNSSUnregistered = Explanation(
    cause: """
      Một bộ định tuyến đã đăng ký chỉ cho các máy dùng một resolver (RDNSS, RFC 8106) không phải là máy chủ nào đã \
      khai báo dịch vụ dns: truy vấn của họ đi tới một máy không ai chịu trách nhiệm.
      """,
    fix: """
      Sửa tùy chọn RDNSS trên bộ định tuyến (radvd: `RDNSS … {}`; Cisco: `ipv6 nd ra dns server`), hoặc khai báo \
      resolver trong hosts.csv với dịch vụ dns. Kiểm tra bằng `rdisc6 -1 eth0` trên một máy cùng liên kết.
      """)

  static let raWithoutRDNSS = Explanation(
    cause: """
      Bản tin quảng bá không có resolver và cũng không hướng tới DHCPv6 (cờ M và O đều tắt): máy chỉ có IPv6 khi \
      đó không phân giải được tên (RFC 8106 §1.1).
      """,
    fix: """
      Thêm RDNSS vào quảng bá của bộ định tuyến (radvd: `RDNSS 2001:db8::53 {};`), hoặc bật cờ O và cung cấp \
      DHCPv6. Kiểm tra bằng `rdisc6 -1 eth0`.
      """)

  static let noAdvertisementSeen = Explanation(
    cause: """
      Không có bộ định tuyến đã đăng ký nào quảng bá trong lúc đo. Quảng bá chỉ đến vài phút một lần (mặc định 200 \
      đến 600 giây, lâu nhất 1800 giây: RFC 4861 §6.2.1) và chương trình không gửi gì để gọi, nên một lần đo ngắn \
      có thể chỉ là bỏ lỡ.
      """,
    fix: """
      Cho đo lâu hơn hoặc thường xuyên hơn, hoặc xem bằng tay: `tcpdump -vni eth0 'icmp6 and ip6[40] == 134'` trong \
      nửa giờ, hay `rdisc6 -1 eth0`. Nếu bộ định tuyến trả lời chưa được đăng ký, thêm thẻ router và địa chỉ mac \
      vào dòng của nó trong hosts.csv.
      """)

  static let noRouterAdvertises = Explanation(
    cause: """
      Không có quảng bá nào trong khoảng thời gian dài nhất cho phép giữa hai lần (1800 giây, RFC 4861 §6.2.1): \
      không bộ định tuyến nào quảng bá trên liên kết này.
      """,
    fix: """
      Nếu các máy ở đó phải tự cấu hình, bật quảng bá trên bộ định tuyến (`radvd`; Cisco: `no ipv6 nd ra \
      suppress`). Nếu địa chỉ và tuyến được cố ý đặt bằng tay, ghi nhận bằng một miễn trừ.
      """)

  static let routersRegistered = Explanation(
    cause: "Mọi máy thấy quảng bá trên liên kết đều đã đăng ký là bộ định tuyến.")

  static let routerUnregistered = Explanation(
    cause: """
      Một máy không đăng ký là bộ định tuyến lại tự quảng bá như vậy trên liên kết của máy chủ; đối tượng và chi \
      tiết nêu địa chỉ link-local và địa chỉ MAC của nó. Các máy tin theo và có thể gửi cho nó toàn bộ lưu lượng \
      (RFC 6104). Thường là máy trạm đang chia sẻ kết nối, máy chủ ảo hóa, hay bộ định tuyến gia đình cắm ngược; \
      đôi khi là tấn công.
      """,
    fix: """
      Tìm cổng theo địa chỉ MAC (`show mac address-table address …` trên bộ chuyển mạch) rồi rút ra hoặc tắt quảng \
      bá (radvd, "Internet Connection Sharing"). Bật RA Guard trên mọi cổng trừ cổng của bộ định tuyến (RFC 6105). \
      Nếu đó là bộ định tuyến của đơn vị, thêm thẻ router và địa chỉ mac này vào dòng của nó trong hosts.csv. Kiểm \
      tra bằng `rdisc6 -m eth0` trên một máy cùng liên kết.
      """)
}
