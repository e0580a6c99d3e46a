#include <clairgate/base/text.hpp>
#include <clairgate/report/artifact_path.hpp>

#include <vector>

namespace clairgate::report {

namespace {

constexpr std::size_t path_bytes_max = 1024;

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

// A ":" in the first segment would make a scheme of it, so none stays.
std::string percent_encoded(std::string_view path) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (char const c : path) {
        if (is_unreserved(c) || c == '/') {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4U];
        out += hex[byte & 0xFU];
    }
    return out;
}

} // namespace

std::optional<std::string> source_path(std::string_view source_file) {
    if (source_file.empty() || source_file.size() > path_bytes_max || source_file.front() == '/')
        return std::nullopt;
    std::vector<std::string_view> segments;
    for (auto const segment : split(source_file, '/')) {
        if (segment.empty() || segment == ".")
            continue;
        if (segment != "..") {
            segments.push_back(segment);
            continue;
        }
        if (segments.empty())
            return std::nullopt;
        segments.pop_back();
    }
    std::string path;
    for (auto const segment : segments)
        path += cat(path.empty() ? "" : "/", segment);
    return path.empty() ? std::nullopt : std::optional(std::move(path));
}

ArtifactPath artifact_path(Record const& record, RenderOptions const& options) {
    auto source = source_path(options.source_file);
    bool const is_source_refused = !source && !options.source_file.empty();
    auto path = source ? *std::move(source) : record.reference().repository().path;
    auto uri = percent_encoded(path);
    return {std::move(path), std::move(uri), is_source_refused};
}

} // namespace clairgate::report
