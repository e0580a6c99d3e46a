#include <clairgate/base/text.hpp>
#include <clairgate/policy/cve_id.hpp>
#include <clairgate/policy/fact_json.hpp>
#include <clairgate/policy/kev_file.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>

namespace clairgate::policy {

namespace {

constexpr std::string_view entries_key = "vulnerabilities";

Result<KevCatalog::Entry> entry_of(FactNode const& node) {
    auto const id = TRY(node.required_text("cveID"));
    auto const cve = cve_key(id);
    if (!cve)
        return node.wrong("cveID", "is not a CVE id");
    auto const date = TRY(node.required_text("dateAdded"));
    auto const added = parse_rfc3339(cat(date, "T00:00:00Z"));
    if (!added.has_value())
        return node.wrong("dateAdded", "is not a date (YYYY-MM-DD)");
    return KevCatalog::Entry{*cve, *added};
}

} // namespace

std::optional<SystemTime> KevCatalog::lookup(std::string_view cve) const {
    auto const key = cve_key(cve);
    if (!key)
        return std::nullopt;
    auto const found =
        std::lower_bound(entries.begin(), entries.end(), *key, [](Entry const& entry, auto k) {
            return entry.cve < k;
        });
    if (found == entries.end() || found->cve != *key)
        return std::nullopt;
    return found->added;
}

Result<KevCatalog> parse_kev(std::string_view json) {
    auto const document = TRY(parse_fact_json(json, KevCatalog::bytes_max));
    FactNode const root(document);
    if (!root.member(entries_key))
        return root.wrong({}, "is not CISA's catalogue: it has no \"vulnerabilities\"")
            .with_remedy("give known_exploited_vulnerabilities.json as CISA publishes it");
    KevCatalog catalog;
    catalog.version = TRY(root.required_text("catalogVersion"));
    auto const released = TRY(root.time("dateReleased"));
    if (!released)
        return root.wrong("dateReleased", "is missing");
    catalog.released = *released;
    auto const items = TRY(root.items(entries_key));
    if (items.empty())
        return root.wrong(entries_key, "is empty: nothing would be known to be exploited");
    auto const count = TRY(root.number("count"));
    if (count != items.size())
        return root.wrong("count",
                          cat("is ", count, ", but there are ", items.size(), " vulnerabilities"));
    catalog.entries.reserve(items.size());
    for (auto const& item : items)
        catalog.entries.push_back(TRY(entry_of(item)));
    auto& entries = catalog.entries;
    std::sort(entries.begin(), entries.end(), [](auto const& a, auto const& b) {
        return std::tie(a.cve, a.added) < std::tie(b.cve, b.added);
    });
    auto const is_same = [](auto const& a, auto const& b) { return a.cve == b.cve; };
    entries.erase(std::unique(entries.begin(), entries.end(), is_same), entries.end());
    return catalog;
}

} // namespace clairgate::policy
