// Máy chủ tên miền, ủy quyền, vùng ngược và thư điện tử.

extension Vietnamese {
  static let nameServersSilent = Explanation(
    cause: """
      Trong cả lần đo, không máy chủ tên miền có thẩm quyền nào của bất kỳ vùng nào trả lời điểm đo này, nên \
      không thể nói gì về tên này: đường ra cổng 53 của chính điểm đo bị chặn, hoặc điểm đo không có IPv6 lẫn \
      IPv4 hoạt động.
      """,
    fix: """
      Từ điểm đo, hỏi thử một máy chủ nêu trong phần chi tiết: `dig @SERVER ZONE SOA +norecurse`. Mở UDP và TCP \
      53 chiều đi từ điểm đo tới mọi địa chỉ, hoặc đo từ nơi khác.
      """)

  static let rootSilent = Explanation(
    cause: """
      Không thể bắt đầu phân giải chỉ bằng IPv6: không máy chủ gốc nào, hoặc máy chủ nêu ở `--root`, trả lời \
      điểm đo qua IPv6.
      """,
    fix: """
      Từ điểm đo, `dig -6 @2001:7fe::53 . NS +norecurse` phải có trả lời; mở UDP và TCP 53 chiều đi qua IPv6. \
      Trong mạng khép kín, nêu điểm bắt đầu riêng bằng `--root`.
      """)

  static let ptrNotAnswered = Explanation(
    cause: """
      Khi hỏi PTR, hoặc hỏi cái tên mà PTR nêu, không nhận được bản ghi mà cũng không có phủ nhận (SERVFAIL, \
      REFUSED, hết thời gian chờ). Thường do vùng ngược được ủy quyền cho những máy chủ không có vùng đó.
      """,
    fix: """
      `dig -x ADDRESS` và `dig +trace -x ADDRESS` cho thấy hỏng ở đâu. Tạo vùng ngược trên các máy chủ được ủy \
      quyền, hoặc đề nghị nhà cung cấp ủy quyền về máy chủ của đơn vị.
      """)

  static let mxNotAnswered = Explanation(
    cause: """
      Khi hỏi MX của tên, hoặc AAAA của một máy nhận thư, không nhận được bản ghi mà cũng không có phủ nhận.
      """,
    fix: """
      `dig NAME MX`, rồi với từng máy nhận thư `dig EXCHANGER AAAA`: tìm máy chủ bị lỗi bằng \
      `dig @SERVER NAME MX +norecurse` và sửa nó.
      """)

  static let noMX = Explanation(
    cause: "Tên không có bản ghi MX: đây không phải miền thư, nên không có máy nhận thư nào để đo.")

  static let nullMX = Explanation(
    cause: "Tên cho biết bằng `MX 0 .` rằng nó không nhận thư (RFC 7505).")

  static let dnsLame = Explanation(
    cause: """
      Một máy chủ được ủy quyền cho vùng trả lời mà không có thẩm quyền (thiếu cờ AA), hoặc chỉ sang nơi khác: \
      máy chủ đó không có vùng này. Resolver gặp nó phải thử máy khác, và thất bại khi không còn máy nào.
      """,
    fix: """
      `dig @SERVER ZONE SOA +norecurse` phải có cờ `aa`. Nạp vùng trên máy chủ đó (với máy phụ: xem vì sao chuyển \
      vùng hỏng hoặc vùng đã quá hạn), hoặc bỏ máy chủ này khỏi các bản ghi NS trong vùng và ở vùng cha.
      """)

  static let dnsInconsistent = Explanation(
    cause: """
      Một số máy chủ có thẩm quyền trả về AAAA, số khác phủ nhận: máy khách nào biết tới IPv6 là chuyện may rủi. \
      Thường do một máy phụ còn giữ bản cũ của vùng.
      """,
    fix: """
      So sánh số serial: `dig ZONE +nssearch`. Tăng serial ở máy chính, kiểm tra NOTIFY và việc chuyển vùng (TCP \
      53) đi qua được, và bảo đảm `dig @SERVER NAME AAAA +norecurse` cho kết quả như nhau ở mọi nơi.
      """)

  static let dnsNoServer = Explanation(
    cause: """
      Vùng được ủy quyền cho những máy chủ mà không tên nào trong đó có địa chỉ, nên không hỏi được ai.
      """,
    fix: """
      `dig ZONE NS`, rồi `dig SERVER A` và `dig SERVER AAAA` với từng tên: sửa tên cho đúng, gán địa chỉ, và đăng \
      ký bản ghi glue ở vùng cha cho những tên nằm trong chính vùng này.
      """)

  static let dnsEndless = Explanation(
    cause: """
      Ủy quyền hoặc bí danh nối tiếp nhau mãi, hay thành vòng tròn, mà không ra địa chỉ nào trong giới hạn mà các \
      resolver cũng áp dụng.
      """,
    fix: """
      Lần theo bằng `dig +trace NAME AAAA`. Để CNAME trỏ thẳng tới tên cuối cùng, và bảo đảm mỗi vùng có ít nhất \
      một máy chủ tên miền mà địa chỉ tìm được không cần tới chính vùng đó (bản ghi glue ở vùng cha).
      """)

  static let nameServersOverIPv6 = Explanation(
    cause: "Đủ số máy chủ tên miền của vùng trả lời có thẩm quyền qua IPv6, cả bằng UDP lẫn TCP.")

  static let tooFewNameServers = Explanation(
    cause: """
      Quá ít máy chủ tên miền của vùng trả lời có thẩm quyền qua IPv6 bằng cả UDP và TCP; phần chi tiết cho biết \
      mỗi máy thiếu gì. Chỉ một sự cố là ai chỉ có IPv6 sẽ không còn phân giải được tên.
      """,
    fix: """
      Gán địa chỉ IPv6 cho ít nhất hai máy chủ tên miền, kèm AAAA và bản ghi glue ở vùng cha, và mở cổng 53 cả \
      UDP lẫn TCP (RFC 7766). `dig -6 @SERVER ZONE SOA +norecurse` và lệnh đó thêm `+tcp` đều phải có cờ `aa`.
      """)

  static let resolvesOverIPv6 = Explanation(
    cause: "Từ điểm bắt đầu xuống tới chính cái tên, vùng nào cũng trả lời qua IPv6.")

  static let delegationWithoutIPv6 = Explanation(
    cause: """
      Trên đường từ gốc xuống tới tên có một vùng mà không máy chủ nào có địa chỉ IPv6; phần chi tiết nêu vùng \
      đó. Resolver chỉ có IPv6 sẽ dừng lại ở đây, dù bản thân tên có AAAA.
      """,
    fix: """
      Đơn vị vận hành vùng đó gán địa chỉ IPv6 cho ít nhất hai máy chủ tên miền: AAAA cho tên của chúng và bản \
      ghi glue ở vùng cha. Kiểm tra bằng `dig -6 +trace NAME AAAA`.
      """)

  static let ptrMapsBack = Explanation(
    cause: "Địa chỉ có PTR, và tên trong đó có đúng địa chỉ này.")

  static let noPTR = Explanation(
    cause: """
      Địa chỉ không có bản ghi PTR. Các máy chủ thư từ chối thư gửi từ địa chỉ như vậy, và nhật ký chỉ hiện số.
      """,
    fix: """
      Thêm `PTR NAME.` tại tên của địa chỉ trong vùng ngược (`dig -x ADDRESS` hiện tên đó ở phần câu hỏi). Nếu \
      vùng ngược chưa được ủy quyền cho đơn vị, đề nghị nơi cấp dải địa chỉ.
      """)

  static let ptrElsewhere = Explanation(
    cause: """
      PTR nêu một tên có địa chỉ khác; phần chi tiết cho thấy cả hai. Thường do trước đây địa chỉ này thuộc về \
      máy khác.
      """,
    fix: """
      Sửa PTR về đúng tên của máy chủ, hoặc thêm địa chỉ này vào tên đó bằng AAAA. Kiểm tra: \
      `dig -x ADDRESS +short`, rồi `dig NAME AAAA +short` phải có ADDRESS.
      """)

  static let ptrWithoutAddress = Explanation(
    cause: """
      PTR nêu một tên không có AAAA: tên không còn nữa, hoặc AAAA của nó chưa bao giờ được công bố.
      """,
    fix: """
      Công bố AAAA cho tên đó, hoặc sửa PTR. Kiểm tra: `dig -x ADDRESS +short`, rồi \
      `dig NAME AAAA +short` phải có ADDRESS.
      """)

  static let mxWithoutAAAA = Explanation(
    cause: """
      Một máy nhận thư của tên không có AAAA: ai chỉ gửi qua IPv6 sẽ không chuyển thư tới đó được.
      """,
    fix: """
      Để máy chủ thư lắng nghe trên địa chỉ IPv6 của nó, tạo PTR cho địa chỉ, mở TCP 25, rồi công bố AAAA cho tên \
      của máy nhận thư. Nếu thuê dịch vụ thư, đề nghị nhà cung cấp. Kiểm tra: `dig EXCHANGER AAAA +short` và \
      `nc -6vz EXCHANGER 25`.
      """)
}
