// What packets and the DNS brought back.

extension Vietnamese {
  static let answered = Explanation(cause: "Đích đã trả lời.")

  static let open = Explanation(cause: "Cổng trả lời SYN-ACK: có dịch vụ đang lắng nghe.")

  static let closed = Explanation(
    cause: """
      Máy chủ trả lời bằng RST: qua IPv6 tới được máy, nhưng tại địa chỉ này không có gì lắng nghe ở cổng \
      đó. Thường là dịch vụ chỉ gắn (bind) vào IPv4; đôi khi tường lửa từ chối bằng RST.
      """,
    fix: """
      Trên máy chủ, `ss -lnt 'sport = :PORT'` phải hiện `[::]:PORT` hoặc `*:PORT`, không chỉ `0.0.0.0:PORT`. \
      Cho dịch vụ lắng nghe cả IPv6 (nginx: `listen [::]:443 ssl;`, Apache: `Listen [::]:443`, sshd: \
      `AddressFamily any`) rồi khởi động lại. Từ điểm đo, kiểm tra bằng `nc -6vz ADDRESS PORT`.
      """)

  static let rejected = Explanation(
    cause: """
      Tường lửa hoặc router từ chối gói tin bằng thông báo lỗi ICMP; phần chi tiết ghi kiểu, mã và nơi gửi. \
      "Administratively prohibited" là luật lọc; "no route" và "address unreachable" là lỗi định tuyến hoặc \
      máy đã tắt; "time exceeded" là vòng lặp định tuyến.
      """,
    fix: """
      Bắt đầu từ nơi gửi thông báo lỗi. Nếu là luật lọc, so sánh luật IPv6 với luật IPv4 và cho phép TCP \
      PORT tới ADDRESS (`nft list ruleset`, `ip6tables -L -n -v`). Nếu là định tuyến, xem \
      `traceroute -6 ADDRESS`, tuyến tới dải của máy chủ và `ip -6 neigh` trên router cuối. Kiểm tra lại \
      bằng `nc -6vz ADDRESS PORT`.
      """)

  static let silent = Explanation(
    cause: """
      Đã thử nhiều lần mà không có gì trả về: tường lửa loại bỏ gói tin, hoặc không còn máy nào dùng địa chỉ \
      này. Nếu IPv4 vẫn trả lời thì thường gặp nhất là luật cho dịch vụ này chỉ viết cho IPv4.
      """,
    fix: """
      So sánh luật IPv6 với luật IPv4 của tường lửa trên máy chủ và trước máy chủ; cho phép TCP PORT tới \
      ADDRESS từ các mạng được dùng dịch vụ, kể cả điểm đo (với echo: ICMPv6 kiểu 128, RFC 4890). Chạy \
      `tcpdump -ni any ip6 host ADDRESS` trên máy chủ để xem gói có tới không. Từ điểm đo, kiểm tra bằng \
      `nc -6vz -w3 ADDRESS PORT`.
      """)

  static let neighbourSilent = Explanation(
    cause: """
      Máy chủ nằm cùng liên kết với điểm đo mà không trả lời Neighbor Discovery (với IPv4 là ARP): máy đã \
      tắt, chưa cấu hình địa chỉ này, hoặc tường lửa trên máy loại bỏ ND.
      """,
    fix: """
      Trên máy chủ, `ip -6 addr` phải có địa chỉ này và không kèm `tentative` hay `dadfailed`. Cho phép \
      ICMPv6 kiểu 133 đến 136 (RFC 4890 §4.4.1). Từ điểm đo, kiểm tra bằng `ping -6 ADDRESS` rồi \
      `ip -6 neigh show ADDRESS`.
      """)

  static let aaaaPresent = Explanation(cause: "Tên có bản ghi AAAA.")

  static let dnsNoData = Explanation(
    cause: """
      Tên có tồn tại nhưng không có bản ghi AAAA (NODATA): máy khách tra tên này chỉ dùng IPv4.
      """,
    fix: """
      Khi các dịch vụ đã chạy tốt tại địa chỉ IPv6 của máy chủ, thêm `NAME. AAAA ADDRESS` vào vùng (nếu tên \
      là CNAME thì thêm ở tên đích), tăng số serial và kiểm tra từng máy chủ tên miền đều đã có: \
      `dig @SERVER NAME AAAA +short`.
      """)

  static let dnsNXDomain = Explanation(
    cause: """
      Tên không tồn tại (NXDOMAIN), với IPv4 cũng vậy: gõ nhầm trong `hosts.csv`, bản ghi đã bị xóa, hoặc \
      tên chỉ có trong view nội bộ của DNS.
      """,
    fix: """
      Đối chiếu tên trong `hosts.csv` với vùng DNS: `dig NAME A`, `dig ZONE SOA`. Sửa lại tên, tạo bản ghi A \
      và AAAA, hoặc đo với `--resolver` mà người dùng tên này đang dùng.
      """)

  static let dnsServFail = Explanation(
    cause: """
      Resolver không lấy được câu trả lời dùng được (SERVFAIL), trong khi các tên khác vẫn được trả lời: chữ \
      ký DNSSEC hỏng, vùng được ủy quyền cho máy chủ không phục vụ vùng đó, hoặc máy chủ tên miền lỗi khi bị \
      hỏi AAAA.
      """,
    fix: """
      `dig NAME AAAA +cd` có trả lời? Vậy là lỗi DNSSEC: ký lại vùng hoặc sửa bản ghi DS, xem \
      `delv NAME AAAA`. Nếu không, hỏi từng máy chủ: `dig +trace NAME AAAA`, \
      `dig @SERVER NAME AAAA +norecurse`. Sửa xong, `dig NAME AAAA` phải cho trạng thái NOERROR.
      """)

  static let dnsRefused = Explanation(
    cause: """
      Truy vấn bị từ chối (REFUSED): resolver không phục vụ điểm đo đối với tên này, hoặc một máy chủ được \
      ủy quyền không chứa vùng.
      """,
    fix: """
      Cho phép địa chỉ của điểm đo trên resolver (unbound: `access-control`, BIND: `allow-query`), hoặc sửa \
      bản ghi NS và nạp vùng trên mọi máy chủ được nêu ở đó. Kiểm tra: `dig @SERVER NAME AAAA +norecurse`.
      """)

  static let dnsError = Explanation(
    cause: """
      Trả lời là một mã lỗi ghi trong phần chi tiết. FORMERR và NOTIMP đến từ phần mềm DNS hoặc thiết bị cân \
      bằng tải cũ, không biết AAAA hoặc EDNS (RFC 4074, RFC 8906).
      """,
    fix: """
      Chạy `dig @SERVER NAME AAAA` rồi chạy lại với `+noedns` để biết máy chủ vướng ở đâu. Nâng cấp nó, hoặc \
      chuyển tên sang máy chủ tên miền đúng chuẩn.
      """)

  static let dnsMalformed = Explanation(
    cause: """
      Có gói trả về nhưng không phải là câu trả lời cho truy vấn: bị cắt cụt, hoặc nói về tên hay loại bản \
      ghi khác. Một thiết bị trung gian hoặc bộ cân bằng tải đang sửa đổi DNS.
      """,
    fix: """
      Xem bằng `dig NAME AAAA +qr` và `tcpdump -vv -ni any port 53`; so sánh với `dig +tcp`. Đưa thiết bị \
      sửa đổi ra khỏi đường đi, hoặc nâng cấp nó.
      """)

  static let dnsTimeout = Explanation(
    cause: """
      Truy vấn AAAA không có trả lời, trong khi các truy vấn khác của lần đo vẫn có. Điển hình là bộ cân \
      bằng tải hoặc tường lửa loại bỏ truy vấn AAAA (RFC 4074 §4.1), hoặc mọi máy chủ tên miền của vùng đều \
      không tới được. Máy khách phải chờ ở mỗi lần kết nối, kể cả khi dùng IPv4.
      """,
    fix: """
      Hỏi từng máy chủ của vùng cả hai loại: `dig @SERVER NAME A` và `dig @SERVER NAME AAAA`. Nếu chỉ AAAA \
      không được trả lời, sửa thiết bị đứng trước; ít nhất nó phải trả lời NODATA. Nếu cả hai đều không, sửa \
      máy chủ tên miền hoặc tường lửa của nó (cổng 53, UDP và TCP).
      """)
}
