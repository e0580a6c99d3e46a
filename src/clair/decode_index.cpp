#include <clairgate/base/text.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/decode_parts.hpp>

#include <algorithm>
#include <array>

namespace clairgate::clair {

namespace {

constexpr std::size_t small_value_bytes_max = 64 * 1024;

// A short value of a large document: copied, since the document has no padding for simdjson.
Result<std::string> small_string(PartDecoder& decoder, std::string_view value) {
    if (value.size() > small_value_bytes_max)
        return Error(ErrorKind::limit, "a value of the index report is too long");
    std::string padded(value);
    padded.reserve(value.size() + simdjson::SIMDJSON_PADDING);
    return decoder.string(padded);
}

Error twice(std::string_view key) {
    return {ErrorKind::protocol, cat("JSON key twice: \"", key, "\"")};
}

} // namespace

Result<IndexReport> decode_index_report(std::string_view json) {
    PartDecoder decoder;
    IndexReport report;
    std::pair<std::string_view, std::string*> const strings[] = {
        {"manifest_hash", &report.manifest_hash}, {"state", &report.state}, {"err", &report.error}};
    std::array<bool, std::size(strings)> seen{};
    bool has_success = false;
    JsonObject root(json);
    while (TRY(root.next())) {
        for (std::size_t i = 0; i < std::size(strings); ++i) {
            if (root.key() != strings[i].first)
                continue;
            if (std::exchange(seen.at(i), true))
                return twice(root.key());
            *strings[i].second = TRY(small_string(decoder, root.value()));
        }
        if (root.key() != "success")
            continue;
        if (std::exchange(has_success, true))
            return twice(root.key());
        if (root.value() != "true" && root.value() != "false")
            return Error(ErrorKind::protocol,
                         "\"success\" of the index report is not true or false");
        report.success = root.value() == "true";
    }
    return report;
}

Result<std::string> decode_index_state(std::string_view json) {
    PartDecoder decoder;
    std::optional<std::string> state;
    JsonObject root(json);
    while (TRY(root.next())) {
        if (root.key() != "state")
            continue;
        if (state)
            return twice("state");
        state = TRY(small_string(decoder, root.value()));
    }
    if (!state)
        return Error(ErrorKind::protocol, "no \"state\" in Clair's answer");
    return *std::move(state);
}

Result<std::vector<std::string>> decode_distribution_ids(std::string_view json) {
    PartDecoder decoder;
    std::vector<std::string> ids;
    JsonObject root(json);
    while (TRY(root.next())) {
        if (root.key() != "distributions" || root.value() == "null")
            continue;
        JsonObject distributions(root.value());
        while (TRY(distributions.next())) {
            std::string padded(distributions.value());
            padded.reserve(padded.size() + simdjson::SIMDJSON_PADDING);
            ids.push_back(TRY(decode_distribution(decoder, padded)).did);
        }
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

} // namespace clairgate::clair
