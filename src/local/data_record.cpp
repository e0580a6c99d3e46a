#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/local/data_record.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::local {

std::optional<SystemTime> read_data_record(std::filesystem::path const& file) {
    auto const bytes = io::read_file(file, 4096);
    if (!bytes.has_value())
        return std::nullopt;
    auto const record = json::parse(*bytes);
    if (!record.has_value())
        return std::nullopt;
    auto const text = json::optional_string(*record, "date");
    auto const date = parse_rfc3339(text.has_value() ? text->value_or("") : "");
    return date.has_value() ? std::optional(*date) : std::nullopt;
}

Result<void> write_data_record(std::filesystem::path const& file, std::optional<SystemTime> date) {
    nlohmann::json const record{
        {"date", date ? nlohmann::json(to_rfc3339(*date)) : nlohmann::json()}};
    return io::write_atomically(file, json::dump(record) + "\n", 0644);
}

Result<ExportFacts> inspect_export(std::string_view json_lines) {
    ExportFacts facts;
    for (auto const line : split(json_lines, '\n')) {
        if (trim(line).empty())
            continue;
        auto const record = TRY(json::parse(line).with_context(cat("record ", facts.records + 1)));
        ++facts.records;
        if (auto const text = TRY(json::optional_string(record, "Date"))) {
            auto const date = TRY(parse_rfc3339(*text).with_context(cat("record ", facts.records)));
            if (!facts.newest || *facts.newest < date)
                facts.newest = date;
        }
        auto const* const vulnerability = json::find(record, "Vuln");
        auto const* const range = vulnerability ? json::find(*vulnerability, "range") : nullptr;
        if (range == nullptr || range->is_null())
            continue;
        facts.has_ranges = true;
        auto const updater = TRY(json::optional_string(record, "Updater"));
        facts.range_updaters.insert(updater.value_or("an updater without a name"));
    }
    if (facts.records == 0)
        return Error(ErrorKind::protocol, "the file holds no records");
    return facts;
}

} // namespace clairgate::local
