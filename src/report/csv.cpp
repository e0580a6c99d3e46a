#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/csv_writer.hpp>
#include <clairgate/report/formats.hpp>

#include <iterator>

namespace clairgate::report {

namespace {

constexpr std::size_t sentence_bytes_max = 1000;

// One line's cells, in order. The first seven belong to lines of any kind.
constexpr Fixed columns[] = {
    "kind",       "action",     "platform",     "sentence",  "rule",
    "place",      "remedy",     "waived",       "severity",  "id",
    "aliases",    "package",    "installed",    "fixed_in",  "source",
    "ecosystem",  "repository", "distribution", "layer",     "instruction",
    "base_layer", "cvss",       "cvss_vector",  "epss",      "known_exploited",
    "new",        "published",  "first_seen",   "turns_red", "purl",
    "updater",    "links"};
constexpr std::size_t columns_of_findings = std::size(columns) - 7;

class Csv {
  public:
    Csv(Record const& record, Out& out) : record_(record), csv_(out) {
        for (auto const& rule : record.account().rules)
            places_.push_back(policy::place_of(rule.origin));
    }

    void write() {
        for (auto const& column : columns)
            csv_.word(column);
        csv_.end_row();
        image();
        for (auto const& judged : record_.account().coverage)
            judgement("coverage", judged.platform, judged.decision);
        for (auto const& judged : record_.account().budget)
            judgement("budget", {}, judged.decision);
        for (std::size_t i = 0; i < record_.findings().size(); ++i)
            finding(i);
    }

  private:
    // The verdict as the first line: a table without findings still says what was decided, and one
    // that nobody decided on says that.
    void image() {
        csv_.word("image");
        csv_.cell(record_.verdict_word());
        csv_.empty_cells(1);
        auto const& summary = record_.account().summary;
        auto const sentence = record_.is_decided() ? cat(record_.reference().text(),
                                                         ": ",
                                                         record_.findings().size(),
                                                         " findings: ",
                                                         summary.block,
                                                         " block, ",
                                                         summary.warn,
                                                         " warn, ",
                                                         summary.allow,
                                                         " allowed")
                                                   : cat(record_.reference().text(),
                                                         ": nothing was decided: ",
                                                         record_.undecided_reason());
        csv_.cell(sentence, sentence_bytes_max);
        csv_.empty_cells(3 + columns_of_findings);
        csv_.end_row();
    }

    void judgement(Fixed kind, std::string_view platform, policy::Judgement const& judgement) {
        csv_.word(kind);
        csv_.cell(policy::to_string(judgement.effect));
        csv_.cell(platform);
        csv_.cell(judgement.sentence, sentence_bytes_max);
        csv_.cell(judgement.origin.rule);
        csv_.cell(policy::place_of(judgement.origin));
        csv_.empty_cells(1 + columns_of_findings);
        csv_.end_row();
    }

    void finding(std::size_t i) {
        auto const& finding = record_.findings()[i];
        auto const* const decided = record_.decision(i);
        csv_.word("finding");
        if (decided != nullptr)
            decision(i, finding, *decided);
        else
            undecided(finding);
        facts(finding);
        if (record_.comparison())
            csv_.cell(std::optional(finding.is_new));
        else
            csv_.empty_cells(1);
        csv_.cell(finding.published);
        csv_.cell(finding.first_seen);
        csv_.cell(decided == nullptr ? std::nullopt : decided->turns_red);
        csv_.cell(finding.package.purl);
        csv_.cell(finding.updater);
        csv_.cell(finding.links, 4000);
        csv_.end_row();
    }

    void undecided(finding::Finding const& finding) {
        csv_.word("undecided");
        csv_.cell(finding.platform);
        csv_.empty_cells(5);
    }

    void decision(std::size_t i, finding::Finding const& finding, Decided const& decided) {
        csv_.cell(policy::to_string(decided.action));
        csv_.cell(finding.platform);
        csv_.cell(decided.sentence, sentence_bytes_max);
        auto const* const rule = record_.rule(i);
        CLAIRGATE_ASSERT(rule != nullptr);
        csv_.cell(rule->text);
        csv_.cell(places_.at(decided.by()));
        csv_.cell(decided.remedy, sentence_bytes_max);
        csv_.cell(std::optional(decided.is_waived));
    }

    void facts(finding::Finding const& finding) {
        auto const& package = finding.package;
        csv_.cell(finding::to_string(finding.severity));
        csv_.cell(finding.id);
        csv_.cell(finding.aliases);
        csv_.cell(package.name);
        csv_.cell(package.version);
        csv_.cell(finding.fixed_version);
        csv_.cell(package.source_name);
        csv_.cell(package.ecosystem);
        csv_.cell(package.repository);
        csv_.cell(finding.distribution);
        csv_.cell(finding.layer ? std::string_view(finding.layer->text()) : std::string_view());
        csv_.cell(record_.instruction(finding));
        csv_.cell(finding.is_base_layer);
        if (finding.cvss.empty()) {
            csv_.empty_cells(2);
        } else {
            csv_.cell(finding.cvss.front().score);
            csv_.cell(finding.cvss.front().vector);
        }
        csv_.cell(finding.epss);
        csv_.cell(finding.is_known_exploited);
    }

    Record const& record_;
    CsvWriter csv_;
    std::vector<std::string> places_; // of the account's rules
};

} // namespace

void render_csv(Record const& record, RenderOptions const&, Out& out) {
    Csv(record, out).write();
}

} // namespace clairgate::report
