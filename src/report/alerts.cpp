#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/alerts.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

namespace clairgate::report {

namespace {

auto name_of(finding::Finding const& finding) {
    return std::tie(
        finding.id, finding.package.ecosystem, finding.package.name, finding.package.version);
}

// Smaller is more urgent. An exception that holds for a part of an alert waives none of it.
int urgency_of(Decided const* decided) {
    if (decided == nullptr || decided->action == policy::Effect::block)
        return 0;
    if (decided->action == policy::Effect::warn)
        return 1;
    return decided->is_waived ? 3 : 2;
}

// Smaller is worse; one whose severity nobody knows may be anything, but the known bad come first.
int severity_rank(finding::Severity severity) {
    static constexpr std::array ranks{3, 5, 4, 2, 1, 0}; // unknown, negligible … critical
    return ranks.at(static_cast<std::size_t>(severity));
}

// Lengths keep "a" + "bc" apart from "ab" + "c" whatever bytes the texts have.
void append_key(std::string& out, std::string_view part) {
    text::append(out, part.size());
    out += ':';
    out += part;
}

// What a document about it will at most take from outside: its fields have limits of their own.
std::size_t text_bytes(finding::Finding const& finding, Decided const* decided) {
    constexpr std::size_t field_bytes_max = 1024;
    std::size_t size = 0;
    auto const add = [&](std::string_view text) { size += std::min(text.size(), field_bytes_max); };
    add(finding.id);
    add(finding.package.name);
    add(finding.package.version);
    add(finding.fixed_version);
    add(finding.description);
    for (auto const& link : finding.links)
        add(link);
    if (decided != nullptr)
        add(decided->sentence);
    return size;
}

} // namespace

bool is_same_alert(finding::Finding const& a, finding::Finding const& b) {
    return name_of(a) == name_of(b);
}

Alerts::Alerts(Record const& record) : record_(record) {
    auto const& findings = record.findings();
    by_name_.resize(findings.size());
    std::iota(by_name_.begin(), by_name_.end(), std::uint32_t{0});
    std::sort(by_name_.begin(), by_name_.end(), [&](std::uint32_t a, std::uint32_t b) {
        auto const order = name_of(findings[a]) <=> name_of(findings[b]);
        return order != 0 ? order < 0 : a < b;
    });
    auto const rank = [&](std::uint32_t i) {
        return std::pair(urgency_of(record_.decision(i)), severity_rank(findings[i].severity));
    };
    for (std::uint32_t at = 0; at < by_name_.size(); ++at) {
        auto const i = by_name_[at];
        if (at == 0 || !is_same_alert(findings[by_name_[at - 1]], findings[i]))
            alerts_.push_back({i, at, 0, static_cast<std::uint32_t>(alerts_.size())});
        auto& alert = alerts_.back();
        ++alert.count;
        if (rank(i) < rank(alert.finding))
            alert.finding = i;
    }
    std::sort(alerts_.begin(), alerts_.end(), [&](Alert const& a, Alert const& b) {
        return std::pair(rank(a.finding), a.name) < std::pair(rank(b.finding), b.name);
    });
}

std::span<Alert const> Alerts::front(std::size_t alerts_max, std::size_t text_bytes_max) const {
    std::size_t kept = 0;
    std::size_t bytes = 0;
    for (; kept < std::min(alerts_max, alerts_.size()); ++kept) {
        bytes += text_bytes(finding(alerts_[kept]), decision(alerts_[kept]));
        if (bytes > text_bytes_max)
            break;
    }
    return std::span(alerts_).first(kept);
}

std::span<std::uint32_t const> Alerts::findings_of(Alert const& alert) const {
    return std::span(by_name_).subspan(alert.first, alert.count);
}

std::vector<std::string_view> Alerts::platforms_of(Alert const& alert) const {
    std::vector<std::string_view> platforms;
    for (auto const i : findings_of(alert))
        platforms.emplace_back(record_.findings()[i].platform);
    if (platforms.size() > 1)
        std::sort(platforms.begin(), platforms.end());
    platforms.erase(std::unique(platforms.begin(), platforms.end()), platforms.end());
    return platforms;
}

finding::Finding const& Alerts::finding(Alert const& alert) const {
    return record_.findings()[alert.finding];
}

std::string alert_digest(Record const& record, finding::Finding const& finding) {
    std::string key;
    key.reserve(128); // most
    for (std::string_view const part : {std::string_view(finding.id),
                                        std::string_view(finding.package.ecosystem),
                                        std::string_view(finding.package.name),
                                        std::string_view(finding.package.version),
                                        std::string_view(record.reference().repository().path)})
        append_key(key, part);
    return sha256(key);
}

std::string
notice_digest(Record const& record, std::string_view kind, std::string_view untrusted_name) {
    std::string key = "notice:";
    for (auto const part :
         {kind, untrusted_name, std::string_view(record.reference().repository().path)})
        append_key(key, part);
    return sha256(key);
}

std::vector<Notice> notices_of(Record const& record) {
    using policy::Effect;
    std::vector<Notice> notices;
    if (!record.is_decided())
        notices.push_back(
            {Notice::Kind::undecided, Effect::block, {}, record.undecided_reason(), nullptr});
    auto const add = [&](Notice::Kind kind, std::string_view name, policy::Judgement const& by) {
        if (by.effect != Effect::allow)
            notices.push_back({kind, by.effect, name, by.sentence, &by.origin});
    };
    for (auto const& one : record.account().coverage)
        add(Notice::Kind::coverage, one.platform, one.decision);
    for (auto const& one : record.account().budget)
        add(Notice::Kind::budget, finding::to_string(one.severity), one.decision);
    return notices;
}

} // namespace clairgate::report
