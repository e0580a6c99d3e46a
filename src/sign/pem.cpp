#include <clairgate/base/bytes.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/pem.hpp>

#include <algorithm>

namespace clairgate::sign {

namespace {

constexpr std::string_view begin = "-----BEGIN ";
constexpr std::string_view end = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr std::size_t label_bytes_max = 64;
constexpr std::size_t line_size = 64;

Error no_pem(std::string_view reason) {
    return {ErrorKind::config, cat("not a PEM text: ", reason)};
}

// One allocation, so that no part of a private key is left behind in an outgrown one.
Secret without_line_breaks(std::string_view body) {
    std::string joined;
    joined.reserve(body.size());
    std::copy_if(body.begin(), body.end(), std::back_inserter(joined), [](char c) {
        return c != '\n' && c != '\r' && c != ' ' && c != '\t';
    });
    return Secret(std::move(joined));
}

} // namespace

std::string_view pem_label(std::string_view text) {
    text = trim(text);
    if (!text.starts_with(begin))
        return {};
    auto const label = text.substr(begin.size(), label_bytes_max + dashes.size());
    auto const size = label.find(dashes);
    return size == std::string_view::npos ? std::string_view() : label.substr(0, size);
}

Result<PemBlock> read_pem(std::string_view text) {
    text = trim(text);
    if (text.size() > limits::secret_file_bytes)
        return no_pem("it is longer than any key");
    auto const label = pem_label(text);
    if (label.empty())
        return no_pem("it does not start with -----BEGIN …-----");
    auto body = text.substr(begin.size() + label.size() + dashes.size());
    if (!body.starts_with('\n') && !body.starts_with("\r\n"))
        return no_pem("its lines are joined, or its first line goes on");
    auto const last_line = cat("\n", end, label, dashes);
    auto const at = body.find(last_line);
    if (at == std::string_view::npos)
        return no_pem(cat("it has no line ", std::string_view(last_line).substr(1)));
    if (at + last_line.size() != body.size())
        return no_pem(cat("something follows the block ", label));
    body = body.substr(0, at);
    if (body.find(':') != std::string_view::npos) // RFC 1421: "Proc-Type: 4,ENCRYPTED"
        return no_pem("it has headers, as keys encrypted the old way have");
    auto const base64 = without_line_breaks(body);
    auto bytes = from_base64(base64.reveal());
    if (!bytes.has_value() || bytes->empty())
        return no_pem("what it holds is not base64");
    return PemBlock{std::string(label), Secret(*std::move(bytes))};
}

std::string write_pem(std::string_view label, std::string_view bytes) {
    auto const base64 = to_base64(bytes);
    auto out = cat(begin, label, dashes, "\n");
    for (std::size_t at = 0; at < base64.size(); at += line_size)
        out += cat(std::string_view(base64).substr(at, line_size), "\n");
    return cat(out, end, label, dashes, "\n");
}

} // namespace clairgate::sign
