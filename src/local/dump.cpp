#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/local/dump.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::local {

namespace {

constexpr std::string_view schema = "clairgate/data/v1";

} // namespace

std::vector<std::string> const& data_tables() {
    static std::vector<std::string> const tables{
        "vuln", "update_operation", "uo_vuln", "enrichment", "uo_enrich", "updater_status"};
    return tables;
}

bool looks_like_dump(std::string_view bytes) {
    return bytes.substr(0, bytes.find('\n')).find(schema) != std::string_view::npos;
}

std::string write_dump(Dump const& dump) {
    nlohmann::json const head{
        {"schema", schema},
        {"created", to_rfc3339(dump.created)},
        {"data_date",
         dump.data_date ? nlohmann::json(to_rfc3339(*dump.data_date)) : nlohmann::json()},
        {"sha256", to_hex(sha256(dump.archive))}};
    return cat(json::dump(head), "\n", dump.archive);
}

Result<Dump> read_dump(std::string_view bytes) {
    auto const end = bytes.find('\n');
    if (end == std::string_view::npos)
        return Error(ErrorKind::protocol, "the file holds no archive");
    auto const head = TRY(json::parse(bytes.substr(0, end)));
    if (TRY(json::string(head, "schema")) != schema)
        return Error(ErrorKind::protocol, cat("the file's schema is not ", schema));
    Dump dump;
    dump.archive = std::string(bytes.substr(end + 1));
    if (TRY(json::string(head, "sha256")) != to_hex(sha256(dump.archive)))
        return Error(ErrorKind::integrity,
                     "the file does not match its checksum: it is cut off or damaged");
    dump.created = TRY(parse_rfc3339(TRY(json::string(head, "created"))));
    if (auto const date = TRY(json::optional_string(head, "data_date")))
        dump.data_date = TRY(parse_rfc3339(*date));
    return dump;
}

Result<std::string> allowed_entries(std::string_view list) {
    std::string out;
    std::size_t count = 0;
    for (auto const line : split(list, '\n')) {
        if (line.empty() || line.front() == ';')
            continue;
        // "3416; 0 16404 TABLE DATA public vuln clair"; sequences are set by us.
        auto const words = split(line, ' ');
        bool const is_data =
            words.size() >= 7 && words[3] == "TABLE" && words[4] == "DATA" && words[5] == "public";
        bool const is_sequence = words.size() >= 7 && words[3] == "SEQUENCE" && words[4] == "SET";
        if (is_sequence)
            continue;
        auto const& tables = data_tables();
        if (!is_data || std::find(tables.begin(), tables.end(), words[6]) == tables.end())
            return Error(ErrorKind::protocol,
                         cat("the archive holds something other than data: ", line));
        out += cat(line, "\n");
        ++count;
    }
    if (count == 0)
        return Error(ErrorKind::protocol, "the archive holds no data");
    return out;
}

} // namespace clairgate::local
