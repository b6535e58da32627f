// Các trang web hóa ra thế nào, và chứng thư của máy chủ thư.

extension Vietnamese {
  static let answeredUnverified = Explanation(
    cause: """
      Máy chủ thư trả lời qua IPv6 và có STARTTLS, nhưng chứng thư số không hợp lệ; phần chi tiết nêu lý do. Các máy \
      chủ thư không kiểm tra chứng thư của nhau (RFC 7435), nên thư vẫn được chuyển và đối với IPv6 thì không cần làm \
      gì. Chứng thư hợp lệ sẽ cho phép bên gửi bắt buộc dùng TLS (MTA-STS, DANE).
      """)

  static let sameContent = Explanation(
    cause: """
      Trang qua IPv6 chính là trang qua IPv4: cùng mã trạng thái, cùng địa chỉ cuối và cùng nội dung, không kể những \
      phần mỗi lần trả lời mỗi khác.
      """)

  static let redirectOutsideScope = Explanation(
    cause: """
      Qua cả hai giao thức, trang đều chuyển hướng tới cùng một địa chỉ ngoài phạm vi đo. Tên miền đó có IPv6; hệ thống \
      không kết nối tới đó.
      """)

  static let statusDiffers = Explanation(
    cause: """
      Qua IPv6 máy chủ trả về mã trạng thái HTTP khác với qua IPv4: do virtual host khác, do danh sách truy cập chỉ có \
      địa chỉ IPv4, hoặc do máy chủ phía sau không hoạt động với IPv6.
      """,
    fix: """
      So sánh `curl -6sI https://NAME/` với `curl -4sI https://NAME/`. Gắn virtual host với cả hai loại địa chỉ (nginx: \
      `listen [::]:443 ssl;` cạnh `listen 443 ssl;`), cho phép các mạng IPv6 ở mọi chỗ đã cho phép mạng IPv4, và xem \
      nhật ký của máy chủ đứng sau địa chỉ IPv6.
      """)

  static let finalURLDiffers = Explanation(
    cause: """
      Sau mọi lần chuyển hướng, trang qua IPv6 nằm ở địa chỉ khác với trang qua IPv4: có hai cấu hình, và một trong hai \
      đã bị bỏ quên ở lần sửa gần nhất.
      """,
    fix: """
      So sánh điểm cuối của `curl -6sIL https://NAME/` và `curl -4sIL https://NAME/`, rồi đặt cùng một chuyển hướng \
      trong virtual host trả lời qua IPv6.
      """)

  static let contentDiffers = Explanation(
    cause: """
      Qua IPv6 hiện ra một trang khác với qua IPv4 dù mã trạng thái giống nhau: trang mặc định, bản cũ của trang, hoặc \
      một trang khác hẳn. Token, thời gian và những thứ tương tự đã được loại khỏi phép so sánh (docs/content.md).
      """,
    fix: """
      Xem cả hai: `curl -6s https://NAME/` và `curl -4s https://NAME/`. Gắn đúng virtual host với IPv6 và đưa nội dung \
      mới lên mọi máy chủ trả lời qua IPv6. Kiểm tra lại bằng `v6audit check HOST`.
      """)

  static let contentEncoded = Explanation(
    cause: """
      Trang qua IPv6 bị nén dù không ai yêu cầu (`Accept-Encoding: identity`, RFC 9110 §12.5.3), và dữ liệu không giống \
      với qua IPv4. Hệ thống không giải nén nội dung như vậy vì nó có thể là bom nén.
      """,
    fix: """
      So sánh `curl -6sI -H 'Accept-Encoding: identity' https://NAME/` với cùng lệnh qua `-4`. Tắt việc nén bắt buộc ở \
      máy chủ hoặc ở bộ đệm đứng trước nó.
      """)

  static let bodyIncomplete = Explanation(
    cause: """
      Phần đầu của trang đã tới qua IPv6, nhưng phần nội dung dừng lại hoặc đứt giữa chừng: gói lớn bị mất trên đường đi \
      (ICMPv6 Packet Too Big bị lọc), hoặc máy chủ đứng sau bị treo.
      """,
    fix: """
      Đo thời gian: `curl -6so /dev/null -w '%{size_download} %{time_total}' https://NAME/`. Nếu dừng sau vài kB, hãy \
      thử `ping -6 -M do -s 1452 ADDRESS` và cho phép ICMPv6 loại 2 (RFC 4890 §4.3.1); nếu không, xem nhật ký máy chủ.
      """)

  static let redirectWithoutIPv6 = Explanation(
    cause: """
      Trang chuyển hướng tới một tên miền không có địa chỉ IPv6. Người chỉ có IPv6 không bao giờ xem được trang.
      """,
    fix: """
      Khai báo AAAA cho tên miền nêu trong phần chi tiết khi máy chủ của nó đã trả lời qua IPv6, hoặc chuyển hướng tới \
      tên miền đã có. Kiểm tra: `dig NAME AAAA +short` và `curl -6sIL https://NAME/`.
      """)

  static let redirectLoop = Explanation(
    cause: """
      Qua IPv6 các chuyển hướng lặp vòng, hoặc quá năm bước: thường do bộ cân bằng tải nói HTTP với máy chủ phía sau \
      vốn đòi HTTPS, và phần đầu `X-Forwarded-Proto` chỉ được đặt cho IPv4.
      """,
    fix: """
      Theo dõi từng bước: `curl -6sIL --max-redirs 5 https://NAME/`. Đặt cho virtual host trả lời qua IPv6 cùng các phần \
      đầu chuyển tiếp như của IPv4.
      """)

  static let redirectMalformed = Explanation(
    cause: "Qua IPv6 máy chủ chuyển hướng tới thứ không phải là địa chỉ web; phần chi tiết ghi rõ.",
    fix: """
      Xem trường Location: `curl -6sI https://NAME/`. Sửa trong ứng dụng hoặc trong virtual host trả lời qua IPv6; địa \
      chỉ IPv6 trong URL phải nằm trong ngoặc vuông (RFC 3986 §3.2.2).
      """)

  static let serverErrorOnBoth = Explanation(
    cause: """
      Máy chủ báo cùng một lỗi nội bộ (5xx) qua cả hai giao thức. Dịch vụ đang hỏng, nên không thể kết luận gì về IPv6.
      """,
    fix: "Khôi phục dịch vụ rồi đo lại: `v6audit check HOST`.")

  static let noWebService = Explanation(cause: "Máy chủ không khai báo http cũng như https.")

  static let noPageOverIPv4 = Explanation(
    cause: "Qua IPv4 dịch vụ không cho trang nào để so sánh với trang qua IPv6.")

  static let linksWork = Explanation(
    cause: "Đủ số liên kết thuộc chính tên miền của trang hoạt động qua IPv6.")

  static let linksBroken = Explanation(
    cause: """
      Quá nhiều liên kết thuộc chính tên miền của trang dẫn tới tên không có IPv6, hoặc tới máy chủ không trả lời qua \
      IPv6. Người chỉ có IPv6 không đi xa hơn trang đầu. Phần chi tiết nêu một số liên kết.
      """,
    fix: """
      Khai báo AAAA cho các tên mà liên kết dẫn tới và cho máy chủ của chúng trả lời qua IPv6. Kiểm tra từng liên kết: \
      `dig NAME AAAA +short`, `curl -6sI URL`.
      """)

  static let resourcesLoad = Explanation(cause: "Các thành phần của trang tải được qua IPv6.")

  static let resourcesBroken = Explanation(
    cause: """
      Hình ảnh, script hoặc bảng kiểu của trang nằm ở tên miền không có IPv6, hoặc không tải được qua IPv6: trang hiện \
      ra nhưng không dùng được. Phần chi tiết nêu một số thành phần.
      """,
    fix: """
      Khai báo AAAA cho các tên này, chuyển tệp về chính trang, hoặc dùng nhà cung cấp có phục vụ qua IPv6. Kiểm tra: \
      `curl -6sI URL` cho từng thành phần.
      """)

  static let noPage = Explanation(
    cause: "Qua IPv6 không có trang nào trả về mã 200, nên không có gì để tìm liên kết.")

  static let noReferences = Explanation(
    cause: "Trang không có tham chiếu loại này hoạt động qua IPv4 mà có thể thử qua IPv6.")
}
