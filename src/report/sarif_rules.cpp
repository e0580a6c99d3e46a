#include <clairgate/base/text.hpp>
#include <clairgate/report/sarif_parts.hpp>

#include <algorithm>
#include <array>

namespace clairgate::report {

namespace {

struct OwnRule {
    std::string_view id;
    Fixed name;
    Fixed title;
    Fixed what;
    std::string_view level;
};

constexpr std::array<OwnRule, 3> notice_rules{{
    {"clairgate/undecided",
     "NothingDecided",
     "clairgate could not decide about this image",
     "The scan or the policy failed, so that nothing is known about this image. It must not pass "
     "until a scan of it has come to an end.",
     "error"},
    {"clairgate/coverage",
     "PackagesNotCovered",
     "The scanner cannot speak of all packages of this image",
     "For some packages the scanner has no data, or only old data: vulnerabilities in them would "
     "not be found. The policy says what that means.",
     "warning"},
    {"clairgate/budget",
     "BudgetExceeded",
     "This image has more findings of a severity than its budget",
     "The policy limits how many findings of a severity an image may have, whatever is said of "
     "each alone.",
     "error"},
}};

constexpr OwnRule cut_rule{
    cut_rule_id,
    "FindingsNotShown",
    "Not all findings of this image are shown",
    "A document for code scanning holds 5,000 results. The most urgent ones are in it; the report "
    "in clairgate's own format, \"-o json=FILE\", has all of them.",
    "warning"};

class RuleWriter {
  public:
    RuleWriter(JsonWriter& json, SarifPlan const& plan) : json_(json), plan_(plan) {}

    void write(SarifRule const& rule) {
        auto const& worst = worst_of(plan_, rule);
        json_.begin_object();
        level(sarif_level(worst.severity));
        say_description(plain_.clear(), plan_, rule);
        text("fullDescription");
        say_help(plain_.clear(), plan_, rule);
        say_help(markdown_.clear(), plan_, rule);
        json_.key("help");
        json_.begin_object();
        json_.member("markdown", markdown_.text());
        json_.member("text", plain_.text());
        json_.end_object();
        if (auto const url = help_url(worst))
            json_.member("helpUri", *url);
        json_.member("id", rule.id);
        json_.member("name",
                     worst.distribution.empty() ? "VulnerableLanguagePackage"
                                                : "VulnerableSystemPackage");
        properties(security_severity(worst));
        title(rule, worst);
        text("shortDescription");
        json_.end_object();
    }

    void write(OwnRule const& rule) {
        json_.begin_object();
        level(rule.level);
        plain_.clear().say(rule.what);
        text("fullDescription");
        text("help");
        json_.member("id", rule.id);
        json_.member("name", rule.name.text());
        properties(std::nullopt);
        plain_.clear().say(rule.title);
        text("shortDescription");
        json_.end_object();
    }

  private:
    void level(std::string_view word) {
        json_.key("defaultConfiguration");
        json_.begin_object();
        json_.member("level", word);
        json_.end_object();
    }

    void text(std::string_view key) { // what `plain_` says
        json_.key(key);
        json_.begin_object();
        json_.member("text", plain_.text());
        json_.end_object();
    }

    void properties(std::optional<unsigned> tenths) {
        json_.key("properties");
        json_.begin_object();
        json_.member("precision", "very-high");
        if (tenths)
            json_.member("security-severity", cat(*tenths / 10, ".", *tenths % 10));
        json_.key("tags");
        json_.begin_array();
        for (char const* const tag : {"container", "security", "vulnerability"})
            json_.value(tag);
        json_.end_array();
        json_.end_object();
    }

    void title(SarifRule const& rule, finding::Finding const& worst) {
        plain_.clear().quote(rule.id, sarif_name_bytes_max).say(" in ");
        if (worst.package.name.empty())
            plain_.say("a package without a name");
        else
            plain_.quote(worst.package.name, sarif_name_bytes_max);
        std::vector<std::string_view> names;
        for (auto const& alert : rule.instances)
            names.emplace_back(plan_.alerts().finding(alert).package.name);
        std::sort(names.begin(), names.end());
        auto const others = std::unique(names.begin(), names.end()) - names.begin() - 1;
        if (others > 0)
            plain_.say(" and ").number(static_cast<std::size_t>(others)).say(" more");
    }

    JsonWriter& json_;
    SarifPlan const& plan_;
    Prose plain_{Prose::Kind::plain};
    Prose markdown_{Prose::Kind::markdown};
};

} // namespace

void write_sarif_rules(JsonWriter& json, SarifPlan const& plan) {
    RuleWriter writer(json, plan);
    json.begin_array();
    for (auto const& rule : plan.rules())
        writer.write(rule);
    for (auto const& rule : notice_rules)
        if (std::any_of(plan.notices().begin(), plan.notices().end(), [&](Notice const& notice) {
                return own_rule_id(notice.kind) == rule.id;
            }))
            writer.write(rule);
    if (plan.cut() > 0)
        writer.write(cut_rule);
    json.end_array();
}

} // namespace clairgate::report
