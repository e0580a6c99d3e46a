#include <clairgate/report/junit_cases.hpp>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string_view>
#include <tuple>

namespace clairgate::report {

namespace {

// The platform of each finding by its place. They come ordered by platform, so that the one before
// is nearly always the answer.
std::vector<std::uint32_t> platforms_of(Record const& record) {
    auto const& platforms = record.scan().platforms;
    std::vector<std::uint32_t> out;
    out.reserve(record.findings().size());
    auto known = platforms.begin();
    for (auto const& finding : record.findings()) {
        if (known == platforms.end() || known->platform != finding.platform)
            known = std::find_if(platforms.begin(), platforms.end(), [&](auto const& one) {
                return one.platform == finding.platform;
            });
        out.push_back(static_cast<std::uint32_t>(known - platforms.begin()));
    }
    return out;
}

policy::Effect effect_of(Record const& record, std::uint32_t i) {
    auto const* const decided = record.decision(i);
    return decided == nullptr ? policy::Effect::allow : decided->action;
}

TestCase::Outcome outcome_of(Record const& record, std::uint32_t i) {
    auto const* const decided = record.decision(i);
    if (decided != nullptr && decided->action == policy::Effect::block)
        return TestCase::Outcome::failed;
    bool const is_told = decided != nullptr && !decided->is_waived;
    return is_told ? TestCase::Outcome::passed : TestCase::Outcome::skipped;
}

} // namespace

TestCases::TestCases(Record const& record) {
    auto const platforms = platforms_of(record);
    order_findings(record, platforms);
    fold(record, platforms);
    std::sort(cases_.begin(), cases_.end(), [](TestCase const& a, TestCase const& b) {
        return std::tuple(a.platform, a.outcome, b.effect, b.severity, a.first) <
               std::tuple(b.platform, b.outcome, a.effect, a.severity, b.first);
    });
}

// Findings come ordered by platform and package: only those of one package are still to be ordered.
void TestCases::order_findings(Record const& record, std::vector<std::uint32_t> const& platforms) {
    order_.resize(record.findings().size());
    std::iota(order_.begin(), order_.end(), 0U);
    auto const& findings = record.findings();
    for (auto from = order_.begin(); from != order_.end();) {
        auto const end = std::find_if(from, order_.end(), [&](std::uint32_t i) {
            return platforms[i] != platforms[*from] ||
                   findings[i].package.name != findings[*from].package.name;
        });
        std::sort(from, end, [&](std::uint32_t a, std::uint32_t b) {
            if (auto const id = findings[a].id.compare(findings[b].id); id != 0)
                return id < 0;
            return std::tuple(outcome_of(record, a), effect_of(record, b), a) <
                   std::tuple(outcome_of(record, b), effect_of(record, a), b);
        });
        from = end;
    }
}

void TestCases::fold(Record const& record, std::vector<std::uint32_t> const& platforms) {
    auto const& findings = record.findings();
    std::uint32_t const* last = nullptr;
    for (auto const& i : order_) {
        bool const is_same = last != nullptr && platforms[*last] == platforms[i] &&
                             findings[*last].package.name == findings[i].package.name &&
                             findings[*last].id == findings[i].id;
        last = &i;
        if (!is_same) {
            cases_.push_back({platforms[i],
                              static_cast<std::uint32_t>(&i - order_.data()),
                              1,
                              outcome_of(record, i),
                              effect_of(record, i),
                              findings[i].severity});
            continue;
        }
        auto& test = cases_.back();
        ++test.count;
        test.effect = std::max(test.effect, effect_of(record, i));
        test.severity = std::max(test.severity, findings[i].severity);
    }
}

std::span<TestCase const> TestCases::of_platform(std::size_t platform) const {
    auto const [from, to] = std::equal_range(
        cases_.begin(),
        cases_.end(),
        TestCase{static_cast<std::uint32_t>(platform), 0, 0, {}, {}, {}},
        [](TestCase const& a, TestCase const& b) { return a.platform < b.platform; });
    return {from, to};
}

std::span<std::uint32_t const> TestCases::findings(TestCase const& test) const {
    return std::span(order_).subspan(test.first, test.count);
}

} // namespace clairgate::report
