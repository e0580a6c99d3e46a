#include <clairgate/base/text.hpp>
#include <clairgate/clair/decode.hpp>
#include <clairgate/clair/decode_parts.hpp>

#include <algorithm>

namespace clairgate::clair {

namespace {

// The newest operation of one updater's array; nothing when the array is empty.
Result<std::optional<finding::UpdateOperation>>
newest_of(PartDecoder& decoder, std::string_view updater, std::string_view json) {
    auto const parsed = TRY(decoder.parse(json));
    std::optional<finding::UpdateOperation> newest;
    if (parsed.is_null())
        return newest;
    simdjson::dom::array operations;
    if (parsed.get_array().get(operations) != simdjson::SUCCESS)
        return Error(ErrorKind::protocol, "update operations are not an array");
    for (simdjson::dom::element const entry : operations) {
        std::string_view date;
        std::string_view fingerprint;
        std::string_view ref;
        if (entry["date"].get_string().get(date) != simdjson::SUCCESS)
            return Error(ErrorKind::protocol, "an update operation has no date");
        if (entry["fingerprint"].get_string().get(fingerprint) != simdjson::SUCCESS)
            fingerprint = {}; // only told, never judged
        if (entry["ref"].get_string().get(ref) != simdjson::SUCCESS)
            ref = {};
        auto const moment = TRY(parse_rfc3339(date));
        if (newest && moment <= newest->date)
            continue;
        newest.emplace();
        newest->updater = updater;
        newest->date = moment;
        newest->fingerprint = fingerprint;
        newest->ref = ref;
    }
    return newest;
}

} // namespace

Result<std::vector<finding::UpdateOperation>> decode_update_operations(std::string_view json) {
    std::string padded(json);
    padded.reserve(padded.size() + simdjson::SIMDJSON_PADDING);
    std::vector<finding::UpdateOperation> latest;
    if (trim(padded) == "null")
        return latest;
    PartDecoder decoder;
    JsonObject root(padded);
    while (TRY(root.next())) {
        auto newest = TRY(newest_of(decoder, root.key(), root.value()));
        if (newest)
            latest.push_back(*std::move(newest));
    }
    std::sort(latest.begin(), latest.end(), [](auto const& a, auto const& b) {
        return a.updater < b.updater;
    });
    return latest;
}

void attach_updaters(std::vector<finding::EcosystemCoverage>& ecosystems,
                     std::vector<finding::UpdateOperation> const& operations) {
    for (auto& ecosystem : ecosystems) {
        for (auto const& operation : operations) {
            if (!feeds(operation.updater, ecosystem.ecosystem, ecosystem.distribution))
                continue;
            ecosystem.updaters.push_back(operation.updater);
            if (!ecosystem.newest_data || *ecosystem.newest_data < operation.date)
                ecosystem.newest_data = operation.date;
        }
    }
}

} // namespace clairgate::clair
