#include <clairgate/base/error.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/junit_cases.hpp>
#include <clairgate/report/links.hpp>
#include <clairgate/report/xml_writer.hpp>

#include <algorithm>

namespace clairgate::report {

namespace {

constexpr std::size_t cases_max = 10'000; // of all platforms: Jenkins keeps every one for ever
constexpr std::size_t versions_max = 10;  // of one case
constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t sentence_bytes_max = 1000;

struct Counts {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t skipped = 0;
};

// Passing cases have no `system-out`: Jenkins' attachments plugin takes file names out of any such
// text ("[[ATTACHMENT|/path]]"), and no reference hides them from it.
class JUnit {
  public:
    JUnit(Record const& record, Out& out)
        : record_(record), xml_(out), cases_(record),
          cases_of_platform_max_(cases_max /
                                 std::max<std::size_t>(1, record.scan().platforms.size())) {}

    void write() {
        auto const& platforms = record_.scan().platforms;
        Counts all;
        all.failures = blocking_budgets();
        all.tests = budget_cases();
        for (std::size_t i = 0; i < platforms.size(); ++i) {
            auto const counts = counts_of(i);
            all.tests += counts.tests;
            all.failures += counts.failures;
        }
        xml_.open("testsuites");
        xml_.attribute("name", "clairgate");
        if (record_.is_decided())
            totals(all.tests, all.failures, 0);
        else
            totals(all.tests + 1, all.failures, 1);
        time();
        if (!record_.is_decided())
            undecided();
        if (budget_cases() > 0)
            budget();
        for (std::size_t i = 0; i < platforms.size(); ++i)
            platform(i);
        xml_.close();
    }

  private:
    void totals(std::size_t tests, std::size_t failures, std::size_t errors) {
        xml_.attribute("tests", tests);
        xml_.attribute("failures", failures);
        xml_.attribute("errors", errors);
    }

    void time() {
        auto const& run = record_.run();
        auto const seconds = std::max<std::int64_t>(0, (run.finished - run.started).count());
        xml_.attribute("time", static_cast<std::uint64_t>(seconds));
    }

    std::size_t budget_cases() const { return record_.account().budget.size(); }
    std::size_t blocking_budgets() const {
        auto const& budget = record_.account().budget;
        return static_cast<std::size_t>(
            std::count_if(budget.begin(), budget.end(), [](policy::BudgetDecision const& one) {
                return one.decision.effect == policy::Effect::block;
            }));
    }

    void begin_suite(std::string_view name, Counts const& counts, std::size_t errors = 0) {
        xml_.open("testsuite");
        xml_.attribute("name", name, name_bytes_max);
        totals(counts.tests, counts.failures, errors);
        xml_.attribute("skipped", counts.skipped);
        xml_.open("properties");
        property("image", record_.reference().text());
        property("digest", record_.digest());
        property("verdict", record_.verdict_word());
        property("clairgate", record_.clairgate_version());
        xml_.close();
    }

    void property(Fixed name, std::string_view value) {
        xml_.open("property");
        xml_.attribute("name", name);
        xml_.attribute("value", value, sentence_bytes_max);
        xml_.close();
    }

    // An error, not a failure: nothing was found out about the image.
    void undecided() {
        begin_suite("verdict", {1, 0, 0}, 1);
        xml_.open("testcase");
        xml_.attribute("classname", "clairgate.verdict");
        xml_.attribute("name", "the image was judged");
        xml_.open("error");
        xml_.attribute("message", record_.undecided_reason(), sentence_bytes_max);
        xml_.attribute("type", "undecided");
        xml_.text(
            "UNDECIDED: nothing was decided about this image, so it does not pass.\nreason: ");
        xml_.text(record_.undecided_reason(), sentence_bytes_max);
        xml_.close();
        xml_.close();
        xml_.close();
    }

    void budget() {
        begin_suite("budget", {budget_cases(), blocking_budgets(), 0});
        for (bool const is_blocking : {true, false}) {
            for (auto const& one : record_.account().budget) {
                if ((one.decision.effect == policy::Effect::block) != is_blocking)
                    continue;
                xml_.open("testcase");
                xml_.attribute("classname", "clairgate.budget");
                xml_.begin_attribute("name");
                xml_.text("budget of severity ");
                xml_.text(finding::to_string(one.severity), name_bytes_max);
                xml_.end_attribute();
                if (is_blocking)
                    failure(one.decision, {});
                xml_.close();
            }
        }
        xml_.close();
    }

    void failure(policy::Judgement const& judgement, std::vector<std::string> const& reasons) {
        xml_.open("failure");
        xml_.attribute("message", judgement.sentence, sentence_bytes_max);
        xml_.attribute("type", "block");
        line("why: ", judgement.sentence);
        for (std::size_t i = 0; i < std::min(reasons.size(), versions_max); ++i)
            line("because: ", reasons[i]);
        place(judgement.origin.rule, judgement.origin);
        xml_.close();
    }

    void line(Fixed head, std::string_view text) {
        if (text.empty())
            return;
        xml_.text(head);
        xml_.text(text, sentence_bytes_max);
        xml_.text("\n");
    }

    void place(std::string_view rule, policy::Origin const& origin) {
        xml_.text("rule: ");
        xml_.text(rule, sentence_bytes_max);
        xml_.text(" (");
        xml_.text(policy::place_of(origin), sentence_bytes_max);
        xml_.text(")\n");
    }

    Counts counts_of(std::size_t i) const {
        auto const tests = cases_.of_platform(i);
        Counts counts;
        for (auto const& test : tests.first(std::min(tests.size(), cases_of_platform_max_)))
            ++(test.outcome == TestCase::Outcome::failed    ? counts.failures
               : test.outcome == TestCase::Outcome::skipped ? counts.skipped
                                                            : counts.tests);
        counts.tests += counts.failures + counts.skipped;
        if (tests.empty() && record_.is_decided())
            ++counts.tests;
        if (tests.size() > cases_of_platform_max_) {
            ++counts.tests;
            ++(is_cut_failing(tests) ? counts.failures : counts.skipped);
        }
        if (record_.is_decided()) {
            ++counts.tests;
            counts.failures += blocks(i) ? 1U : 0U;
        }
        return counts;
    }

    bool blocks(std::size_t platform) const {
        return record_.account().coverage.at(platform).decision.effect == policy::Effect::block;
    }
    // What fails comes first: if the first one that is left out does not, none does.
    bool is_cut_failing(std::span<TestCase const> tests) const {
        return tests[cases_of_platform_max_].outcome == TestCase::Outcome::failed;
    }

    void platform(std::size_t i) {
        auto const& scanned = record_.scan().platforms[i];
        auto const tests = cases_.of_platform(i);
        begin_suite(scanned.platform, counts_of(i));
        if (record_.is_decided() && blocks(i))
            coverage(i);
        for (auto const& test : tests.first(std::min(tests.size(), cases_of_platform_max_)))
            write_case(test);
        if (tests.size() > cases_of_platform_max_)
            left_out(tests);
        if (record_.is_decided() && !blocks(i))
            coverage(i);
        if (tests.empty() && record_.is_decided()) {
            begin_case("clairgate.findings");
            xml_.text("no known vulnerability");
            end_name(scanned.platform);
            xml_.close();
        }
        xml_.close();
    }

    // GitLab knows a case by class and name alone, not by its suite.
    void begin_case(Fixed class_name) {
        xml_.open("testcase");
        xml_.attribute("classname", class_name);
        xml_.begin_attribute("name");
    }
    void end_name(std::string_view platform) {
        if (record_.scan().platforms.size() > 1) {
            xml_.text(" on ");
            xml_.text(platform, name_bytes_max);
        }
        xml_.end_attribute();
        xml_.attribute("time", "0");
    }

    void coverage(std::size_t i) {
        auto const& judged = record_.account().coverage.at(i);
        begin_case("clairgate.coverage");
        xml_.text("Clair has data for all packages");
        end_name(judged.platform);
        if (judged.decision.effect == policy::Effect::block)
            failure(judged.decision, judged.reasons);
        xml_.close();
    }

    void write_case(TestCase const& test) {
        auto const positions = cases_.findings(test);
        auto const& finding = record_.findings()[positions.front()];
        xml_.open("testcase");
        xml_.begin_attribute("classname");
        xml_.text("clairgate.");
        if (finding.package.ecosystem.empty())
            xml_.text("findings");
        else
            xml_.text(finding.package.ecosystem, name_bytes_max);
        xml_.end_attribute();
        xml_.begin_attribute("name");
        xml_.text(finding.id, name_bytes_max);
        xml_.text(" in ");
        xml_.text(finding.package.name, name_bytes_max);
        end_name(finding.platform);
        if (test.outcome == TestCase::Outcome::failed)
            failure(positions);
        else if (test.outcome == TestCase::Outcome::skipped)
            skipped(positions.front());
        xml_.close();
    }

    void skipped(std::size_t i) {
        auto const* const decided = record_.decision(i);
        xml_.open("skipped");
        if (decided == nullptr)
            xml_.attribute("message", "undecided: nothing was decided about this finding");
        else
            xml_.attribute("message", decided->sentence, sentence_bytes_max);
        xml_.close();
    }

    void failure(std::span<std::uint32_t const> positions) {
        auto const* const worst = record_.decision(positions.front());
        CLAIRGATE_ASSERT(worst != nullptr);
        xml_.open("failure");
        xml_.attribute("message", worst->sentence, sentence_bytes_max);
        xml_.attribute("type", "block");
        for (auto const i : positions.first(std::min(positions.size(), versions_max)))
            one_finding(i);
        if (positions.size() > versions_max) {
            xml_.text(positions.size() - versions_max);
            xml_.text(" more of the same, see -o json=FILE\n");
        }
        xml_.close();
    }

    // GitLab shows this text and no attribute of the failure.
    void one_finding(std::size_t i) {
        auto const& finding = record_.findings()[i];
        auto const* const decided = record_.decision(i);
        auto const* const rule = record_.rule(i);
        CLAIRGATE_ASSERT(decided != nullptr && rule != nullptr);
        xml_.text("package: ");
        xml_.text(finding.package.name, name_bytes_max);
        xml_.text(" ");
        xml_.text(finding.package.version, name_bytes_max);
        xml_.text("\n");
        line("why: ", decided->sentence);
        place(rule->text, rule->origin);
        line("fix: ", decided->remedy);
        line("from: ", record_.instruction(finding));
        for (auto const& link : finding.links) {
            if (auto const url = https_url(link)) {
                line("see: ", *url);
                break;
            }
        }
    }

    void left_out(std::span<TestCase const> tests) {
        begin_case("clairgate.findings");
        xml_.text("more findings than are listed here");
        end_name(record_.scan().platforms[tests.front().platform].platform);
        if (is_cut_failing(tests))
            xml_.open("failure");
        else
            xml_.open("skipped");
        xml_.begin_attribute("message");
        xml_.text(tests.size() - cases_of_platform_max_);
        xml_.text(" more, see -o json=FILE");
        xml_.end_attribute();
        xml_.close();
        xml_.close();
    }

    Record const& record_;
    XmlWriter xml_;
    TestCases cases_;
    std::size_t cases_of_platform_max_;
};

} // namespace

void render_junit(Record const& record, RenderOptions const&, Out& out) {
    JUnit(record, out).write();
}

} // namespace clairgate::report
