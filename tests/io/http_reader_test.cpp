#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/http_reader.hpp>

#include <gtest/gtest.h>

namespace clairgate::io {
namespace {

ResponseReader reader(bool is_head = false, std::size_t body_bytes_max = 100) {
    return {Url::parse("https://h.example/x?sig=hidden").value(), is_head, body_bytes_max};
}

// Feeds the lines until one is refused; the kind of the refusal, or nothing.
std::optional<ErrorKind> refusal_of(std::vector<std::string> const& lines) {
    auto it = reader();
    for (auto const& line : lines) {
        if (!it.take_header(line))
            break;
    }
    if (it.refusal())
        return it.refusal()->kind();
    return std::nullopt;
}

TEST(ResponseReader, CollectsAnAnswer) {
    auto it = reader();
    for (auto const* line : {"HTTP/1.1 100 Continue\r\n",
                             "X-Dropped: 1\r\n",
                             "\r\n",
                             "HTTP/1.1 200 OK\r\n",
                             "Content-Type:text/plain\r\n",
                             "Etag: \t \"x\" \r\n",
                             "\r\n"})
        EXPECT_TRUE(it.take_header(line));
    EXPECT_TRUE(it.take_body("ab"));
    EXPECT_TRUE(it.take_body("c"));
    EXPECT_TRUE(it.take_header("Clair-Error: none\r\n"));
    auto const response = std::move(it).finish().value();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.http_version, "1.1");
    EXPECT_EQ(response.body, "abc");
    std::vector<std::pair<std::string, std::string>> const expected = {
        {"content-type", "text/plain"}, {"etag", "\"x\""}, {"clair-error", "none"}};
    EXPECT_EQ(response.headers, expected);
}

TEST(ResponseReader, RefusesWhatParsersReadDifferently) {
    struct Row {
        char const* sentence;
        std::vector<std::string> lines;
        std::optional<ErrorKind> expected;
    };
    std::string const okay = "HTTP/1.1 200 OK\r\n";
    Row const rows[] = {
        {"a plain answer", {okay, "A: b\r\n", "\r\n"}, {}},
        {"line ends of LF alone", {"HTTP/1.1 200 OK\n", "A: b\n", "\n"}, {}},
        {"no reason phrase", {"HTTP/1.1 200\r\n"}, {}},
        {"HTTP/1.0", {"HTTP/1.0 200 OK\r\n"}, {}},
        {"HTTP/2", {"HTTP/2 200\r\n"}, ErrorKind::protocol},
        {"HTTP/1.2", {"HTTP/1.2 200 OK\r\n"}, ErrorKind::protocol},
        {"lower case", {"http/1.1 200 OK\r\n"}, ErrorKind::protocol},
        {"four digits", {"HTTP/1.1 0200 OK\r\n"}, ErrorKind::protocol},
        {"two digits", {"HTTP/1.1 99 OK\r\n"}, ErrorKind::protocol},
        {"600", {"HTTP/1.1 600 OK\r\n"}, ErrorKind::protocol},
        {"two spaces", {"HTTP/1.1  200 OK\r\n"}, ErrorKind::protocol},
        {"NUL in a value", {okay, std::string("A: b\0c\r\n", 8)}, ErrorKind::protocol},
        {"CR in a value", {okay, "A: b\rc\r\n"}, ErrorKind::protocol},
        {"CR in the status line", {"HTTP/1.1 200 O\rK\r\n"}, ErrorKind::protocol},
        {"a folded line", {okay, "A: b\r\n", " c\r\n"}, ErrorKind::protocol},
        {"a tab-folded line", {okay, "A: b\r\n", "\tc\r\n"}, ErrorKind::protocol},
        {"no colon", {okay, "Ab\r\n"}, ErrorKind::protocol},
        {"no name", {okay, ": b\r\n"}, ErrorKind::protocol},
        {"space before the colon", {okay, "A : b\r\n"}, ErrorKind::protocol},
        {"a status line among the headers", {okay, "HTTP/1.1 404 No\r\n"}, ErrorKind::protocol},
        {"a status line as trailer", {okay, "\r\n", "HTTP/1.1 200 OK\r\n"}, ErrorKind::protocol},
        {"gzip", {okay, "Content-Encoding: gzip\r\n"}, ErrorKind::protocol},
        {"two lengths",
         {okay, "Content-Length: 1\r\n", "Content-Length: 2\r\n"},
         ErrorKind::protocol},
        {"one length twice", {okay, "Content-Length: 1\r\n", "Content-Length: 1\r\n"}, {}},
        {"a length beside chunks",
         {okay, "Transfer-Encoding: chunked\r\n", "Content-Length: 2\r\n"},
         ErrorKind::protocol},
        {"identity", {okay, "Content-Encoding: Identity\r\n"}, {}},
        {"gzip without a body", {"HTTP/1.1 304 Same\r\n", "Content-Encoding: gzip\r\n"}, {}},
        {"one long line",
         {okay, cat("A: ", std::string(limits::response_header_bytes, 'x'))},
         ErrorKind::limit},
    };
    for (auto const& row : rows)
        EXPECT_EQ(refusal_of(row.lines), row.expected) << row.sentence;
    auto head = reader(true);
    EXPECT_TRUE(head.take_header(okay) && head.take_header("Content-Encoding: gzip\r\n"));
}

TEST(ResponseReader, CountsTheHeadersOfAllBlocks) {
    auto it = reader();
    std::size_t lines = 0;
    while (it.take_header("HTTP/1.1 103 Early Hints\r\n") && it.take_header("\r\n"))
        ++lines;
    EXPECT_EQ(it.refusal()->kind(), ErrorKind::limit);
    EXPECT_LT(lines, limits::response_header_bytes / 26);
    EXPECT_EQ(it.refusal()->text(),
              "https://h.example/x?sig=… answered more than 256 KiB of headers");
}

TEST(ResponseReader, CapsTheBody) {
    auto exact = reader();
    EXPECT_TRUE(exact.take_header("HTTP/1.1 200 OK\r\n") && exact.take_header("\r\n"));
    EXPECT_TRUE(exact.take_body(std::string(100, 'x')));
    EXPECT_TRUE(exact.take_body(""));
    EXPECT_FALSE(exact.take_body("x"));
    EXPECT_EQ(std::move(exact).finish().error().kind(), ErrorKind::limit);
    auto error = reader();
    EXPECT_TRUE(error.take_header("HTTP/1.1 500 No\r\n") && error.take_header("\r\n"));
    EXPECT_TRUE(error.take_body(std::string(limits::error_body_bytes - 1, 'x')));
    EXPECT_FALSE(error.take_body("yz"));
    EXPECT_TRUE(error.is_cut());
    auto const cut = std::move(error).finish().value();
    EXPECT_EQ(cut.body.size(), limits::error_body_bytes);
    EXPECT_EQ(cut.body.back(), 'y');
}

TEST(ResponseReader, DoesNotWaitForABodyThatIsTooLongByItsOwnAccount) {
    for (auto const* length : {"101", "107374182400"}) {
        auto it = reader();
        EXPECT_TRUE(it.take_header("HTTP/1.1 200 OK\r\n"));
        EXPECT_TRUE(it.take_header(std::string("Content-Length: ") + length + "\r\n"));
        EXPECT_FALSE(it.take_header("\r\n")) << length;
        EXPECT_EQ(it.refusal()->kind(), ErrorKind::limit) << length;
    }
    for (auto const* status : {"200 OK", "404 No"}) {
        auto it = reader(status[0] == '2');
        EXPECT_TRUE(it.take_header(std::string("HTTP/1.1 ") + status + "\r\n"));
        EXPECT_TRUE(it.take_header("Content-Length: 101\r\n"));
        EXPECT_TRUE(it.take_header("\r\n")) << status; // HEAD, and errors, whose words are cut
    }
}

TEST(ResponseReader, NeedsAFinalStatus) {
    EXPECT_EQ(reader().finish().error().kind(), ErrorKind::protocol);
    auto it = reader();
    EXPECT_TRUE(it.take_header("HTTP/1.1 100 Continue\r\n") && it.take_header("\r\n"));
    EXPECT_EQ(std::move(it).finish().error().kind(), ErrorKind::protocol);
}

} // namespace
} // namespace clairgate::io
