#include <clairgate/base/text.hpp>
#include <clairgate/report/exception_words.hpp>
#include <clairgate/report/formats.hpp>
#include <clairgate/report/identifiers.hpp>
#include <clairgate/report/json_writer.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace clairgate::report {

namespace {

// The findings of one vulnerability that one exception lets pass, or that nothing speaks of.
struct Claim {
    ExceptionUse const* use = nullptr;
    std::vector<std::size_t> findings; // in the record's order: by platform first
};

class Claims {
  public:
    explicit Claims(Record const& record) : record_(record) {
        Waivings const waivings(record.account());
        if (record.account().summary.waived > 0)
            for (std::size_t i = 0; i < record.findings().size(); ++i)
                if (auto const* const decided = record.decision(i))
                    if (auto const* const use = waivings.of(*decided))
                        add(use, i);
        if (!claims_.empty())
            return;
        // A document must have a statement (schema: minItems 1), and without exceptions this is
        // what is true: these vulnerabilities were found, and nobody has said more.
        for (std::size_t i = 0; i < record.findings().size(); ++i)
            add(nullptr, i);
    }
    std::vector<Claim> const& all() const { return claims_; }

  private:
    void add(ExceptionUse const* use, std::size_t i) {
        std::pair<std::string_view, ExceptionUse const*> const key(record_.findings()[i].id, use);
        auto const [found, is_fresh] = places_.try_emplace(key, claims_.size());
        if (is_fresh)
            claims_.push_back({use, {}});
        claims_[found->second].findings.push_back(i);
    }

    Record const& record_;
    std::map<std::pair<std::string_view, ExceptionUse const*>, std::size_t> places_;
    std::vector<Claim> claims_;
};

void write_component(JsonWriter& json, std::string const& purl) {
    json.member("@id", purl);
    json.key("identifiers");
    json.begin_object();
    json.member("purl", purl);
    json.end_object();
}

void write_product(JsonWriter& json, std::string const& purl, std::vector<std::string> parts) {
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    json.begin_object();
    write_component(json, purl);
    if (!parts.empty()) {
        json.key("subcomponents");
        json.begin_array();
        for (auto const& part : parts) {
            json.begin_object();
            write_component(json, part);
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
}

// Each platform's manifest with its packages, and what was scanned when all of it is meant: a
// statement about the index must not speak for a platform where the finding was not let pass.
void write_products(JsonWriter& json, Record const& record, std::vector<std::size_t> const& of) {
    auto const& repository = record.reference().repository();
    auto const subject = record.digest();
    std::vector<std::string> everywhere;
    std::size_t platforms = 0;
    json.key("products");
    json.begin_array();
    for (auto const& platform : record.scan().platforms) {
        std::vector<std::string> parts;
        for (auto const i : of)
            if (record.findings()[i].platform == platform.platform)
                parts.push_back(purl_of(record.findings()[i].package));
        if (parts.empty())
            continue;
        ++platforms;
        everywhere.insert(everywhere.end(), parts.begin(), parts.end());
        if (platform.manifest.text() != subject)
            write_product(json, image_purl(repository, platform.manifest.text()), parts);
    }
    if (platforms == record.scan().platforms.size() || platforms == 0)
        write_product(json, image_purl(repository, subject), std::move(everywhere));
    json.end_array();
}

void write_vulnerability(JsonWriter& json, finding::Finding const& finding) {
    json.key("vulnerability");
    json.begin_object();
    if (!finding.aliases.empty())
        json.member("aliases", finding.aliases);
    json.member("name", finding.id);
    json.end_object();
}

std::string open_words(Record const& record, std::size_t i) {
    auto const* const decided = record.decision(i);
    if (decided == nullptr)
        return cat("nothing was decided: ", record.undecided_reason());
    return cat(policy::to_string(decided->action), ": ", decided->sentence);
}

// What is true, and no more: who accepts a risk is affected; not_affected and fixed are said only
// where a VEX document said so.
void write_status_before_products(JsonWriter& json, Record const& record, Claim const& claim) {
    if (claim.use == nullptr)
        return;
    auto const said = vex_claim(*claim.use);
    if (!said) {
        auto words = exception_sentence(*claim.use);
        auto const& finding = record.findings()[claim.findings.front()];
        if (!finding.fixed_version.empty())
            words += cat("; upgrade ", finding.package.name, " to ", finding.fixed_version);
        json.member("action_statement", words);
    } else if (said->status == policy::VexStatement::Status::not_affected) {
        // Exactly one of the two (schema).
        auto const label = openvex_justification(said->justification);
        if (label.empty())
            json.member("impact_statement",
                        said->words.empty() ? std::string_view(claim.use->reason) : said->words);
        else
            json.member("justification", label);
    }
}

void write_status_after_products(JsonWriter& json, Record const& record, Claim const& claim) {
    if (claim.use == nullptr) {
        json.member("status", "under_investigation");
        json.member("status_notes", open_words(record, claim.findings.front()));
        return;
    }
    auto const said = vex_claim(*claim.use);
    json.member("status", said ? policy::to_string(said->status) : std::string_view("affected"));
    if (said)
        json.member("status_notes", exception_sentence(*claim.use));
    else
        json.member("status_notes", open_words(record, claim.findings.front()));
}

void write_statement(JsonWriter& json, Record const& record, Claim const& claim) {
    json.begin_object();
    write_status_before_products(json, record, claim);
    write_products(json, record, claim.findings);
    write_status_after_products(json, record, claim);
    write_vulnerability(json, record.findings()[claim.findings.front()]);
    json.end_object();
}

// Nothing was found, yet a document must have a statement: it is about a name of our own, which
// nobody's vulnerability has, and says what is known.
void write_nothing_found(JsonWriter& json, Record const& record) {
    bool const is_clean = record.account().effect == policy::Effect::allow;
    json.begin_object();
    if (is_clean)
        json.member("impact_statement", "the scan found no known vulnerability in this image");
    write_products(json, record, {});
    json.member("status", is_clean ? "not_affected" : "under_investigation");
    if (!record.is_decided())
        json.member("status_notes", cat("nothing was decided: ", record.undecided_reason()));
    else if (!is_clean)
        json.member("status_notes",
                    cat("no vulnerability was found, but the verdict is ", record.verdict_word()));
    json.key("vulnerability");
    json.begin_object();
    json.member("name", record.is_decided() ? "clairgate:no-findings" : "clairgate:undecided");
    json.end_object();
    json.end_object();
}

} // namespace

void render_openvex(Record const& record, RenderOptions const&, Out& out) {
    Claims const claims(record);
    JsonWriter json(out);
    json.begin_object();
    json.member("@context", "https://openvex.dev/ns/v0.2.0");
    json.member("@id", document_urn(record, "openvex"));
    // Those who say it are the people who keep the policy; an exception's owner speaks only for
    // that exception, and stands in its statement.
    json.member("author", cat("policy owners of ", record.reference().repository().text()));
    json.key("statements");
    json.begin_array();
    for (auto const& claim : claims.all())
        write_statement(json, record, claim);
    if (claims.all().empty())
        write_nothing_found(json, record);
    json.end_array();
    json.member("timestamp", to_rfc3339(record.run().finished));
    json.member("tooling",
                cat("clairgate ",
                    record.clairgate_version(),
                    ", verdict ",
                    record.verdict_word(),
                    ", policy ",
                    record.account().policy.source));
    json.member("version", std::uint64_t{1});
    json.end_object();
    std::move(json).finish();
}

} // namespace clairgate::report
