#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using Status = VexStatement::Status;
using Names = std::vector<std::string>;

// `more`: further members of the document, each with a comma behind it.
std::string document(std::string_view vulnerabilities, std::string_view more = "") {
    return cat(R"({"bomFormat":"CycloneDX","specVersion":"1.6","version":1,)",
               more,
               R"("vulnerabilities":[)",
               vulnerabilities,
               "]}");
}

VexDocument parse(std::string_view vulnerabilities, std::string_view more = "") {
    auto parsed = parse_vex(document(vulnerabilities, more));
    EXPECT_TRUE(parsed.has_value()) << parsed.error().message();
    return parsed.has_value() ? *parsed : VexDocument();
}

std::string refusal(std::string_view json) {
    auto const parsed = parse_vex(json);
    if (parsed.has_value())
        return "none";
    EXPECT_EQ(parsed.error().kind(), ErrorKind::policy);
    return parsed.error().message();
}

std::string vulnerability(std::string_view state, std::string_view affects) {
    return cat(R"({"id":"CVE-2024-0001","analysis":{"state":")",
               state,
               R"("},"affects":[)",
               affects,
               "]}");
}

TEST(CycloneDxVex, AnAnalysisIsReadWithAllThatItSays) {
    auto const read = parse(
        R"({"bom-ref":"v","id":"CVE-2021-44228","source":{"name":"NVD"},
            "references":[{"id":"GHSA-jfh8-c2jp-5v3q","source":{"name":"GitHub"}}],
            "ratings":[{"score":10}],"created":"2021-12-10T00:00:00Z",
            "analysis":{"state":"not_affected","justification":"code_not_reachable",
                "response":["will_not_fix"],"detail":"The logger is never used.",
                "firstIssued":"2026-01-02T00:00:00Z","lastUpdated":"2026-01-03T00:00:00+01:00"},
            "affects":[{"ref":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]})",
        R"("serialNumber":"urn:uuid:1","metadata":{"timestamp":"2026-01-01T00:00:00Z",
            "authors":[{"name":"Ann","email":"ann@example.org"},{"email":"bob@example.org"}],
            "supplier":{"name":"Example"}},)");
    EXPECT_EQ(read.id, "urn:uuid:1");
    EXPECT_EQ(read.author, "Ann, bob@example.org");
    EXPECT_EQ(to_rfc3339(read.time.value()), "2026-01-01T00:00:00Z");
    ASSERT_EQ(read.statements.size(), 1U);
    auto const& statement = read.statements[0];
    EXPECT_EQ(statement.ids, (Names{"CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"}));
    EXPECT_EQ(statement.status, Status::not_affected);
    EXPECT_EQ(statement.justification, "code_not_reachable");
    EXPECT_EQ(statement.statement, "The logger is never used.");
    EXPECT_EQ(statement.products, Names{"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"});
    EXPECT_EQ(to_rfc3339(statement.time.value()), "2026-01-02T23:00:00Z");
    EXPECT_EQ(statement.place, "vulnerabilities/0");
}

TEST(CycloneDxVex, EveryStateIsKnown) {
    for (auto const& [word, status] : {std::pair("not_affected", Status::not_affected),
                                       std::pair("false_positive", Status::not_affected),
                                       std::pair("resolved", Status::fixed),
                                       std::pair("resolved_with_pedigree", Status::fixed),
                                       std::pair("exploitable", Status::affected),
                                       std::pair("in_triage", Status::under_investigation)}) {
        auto const read = parse(vulnerability(word, R"({"ref":"pkg:oci/a"})"));
        ASSERT_EQ(read.statements.size(), 1U) << word;
        EXPECT_EQ(read.statements[0].status, status) << word;
        EXPECT_EQ(read.statements[0].time, std::nullopt);
    }
}

TEST(CycloneDxVex, TheAuthorIsWhoIsNamedFirst) {
    auto const author = [](std::string_view metadata) {
        return parse(vulnerability("resolved", R"({"ref":"a"})"),
                     cat(R"("metadata":{)", metadata, "},"))
            .author;
    };
    EXPECT_EQ(author(""), "");
    EXPECT_EQ(author(R"("authors":[],"supplier":{"name":"S"})"), "S");
    EXPECT_EQ(author(R"("authors":[{"phone":"1"}],"manufacture":{"name":"M"})"), "M");
    EXPECT_EQ(author(R"("supplier":{"name":"S"},"manufacturer":{"name":"M"})"), "M");
    EXPECT_EQ(author(R"("supplier":{"url":["x"]})"), "");
}

TEST(CycloneDxVex, RefsAreTheComponentsOfTheDocument) {
    auto const read =
        parse(vulnerability("resolved", R"({"ref":"outer"},{"ref":"inner"},{"ref":"x"})"),
              R"("components":[{"bom-ref":"outer","purl":"pkg:deb/debian/a@1",
                "components":[{"bom-ref":"inner","purl":"pkg:deb/debian/b@1"},
                    {"name":"no ref"}]}],)");
    ASSERT_EQ(read.statements.size(), 1U);
    EXPECT_EQ(read.statements[0].products,
              (Names{"pkg:deb/debian/a@1", "pkg:deb/debian/b@1", "x"}));
    EXPECT_TRUE(read.statements[0].subcomponents.empty());
}

TEST(CycloneDxVex, WhatIsSaidOfAPartIsSaidInTheDocumentsProductAlone) {
    constexpr std::string_view more =
        R"("metadata":{"component":{"type":"container","bom-ref":"image",
            "purl":"pkg:oci/app@sha256%3Aabc"}},
           "components":[{"bom-ref":"a","purl":"pkg:deb/debian/a@1"}],)";
    auto const part = parse(vulnerability("resolved", R"({"ref":"a"})"), more);
    ASSERT_EQ(part.statements.size(), 1U);
    EXPECT_EQ(part.statements[0].products, Names{"pkg:oci/app@sha256%3Aabc"});
    EXPECT_EQ(part.statements[0].subcomponents, Names{"pkg:deb/debian/a@1"});
    auto const both = parse(
        vulnerability("resolved", R"({"ref":"image"},{"ref":"a"},{"ref":"pkg:gem/b"})"), more);
    ASSERT_EQ(both.statements.size(), 2U);
    EXPECT_EQ(both.statements[0].subcomponents, (Names{"pkg:deb/debian/a@1", "pkg:gem/b"}));
    EXPECT_EQ(both.statements[1].products, Names{"pkg:oci/app@sha256%3Aabc"});
    EXPECT_TRUE(both.statements[1].subcomponents.empty());
}

TEST(CycloneDxVex, AProductWithoutPurlIsItsDigestOrItsRef) {
    auto const product = [](std::string_view component) {
        auto const read = parse(vulnerability("resolved", R"({"ref":"a"})"),
                                cat(R"("metadata":{"component":{)", component, "}},"));
        return read.statements.empty() ? Names() : read.statements[0].products;
    };
    EXPECT_EQ(product(R"("type":"container","bom-ref":"1","name":"n","version":"sha256:abc")"),
              Names{"sha256:abc"});
    EXPECT_EQ(product(R"("type":"application","bom-ref":"1","name":"n","version":"sha256:abc")"),
              Names{"1"});
    EXPECT_EQ(product(R"("type":"container","bom-ref":"1","name":"n","version":"v1")"), Names{"1"});
    EXPECT_EQ(product(R"("name":"n")"), Names{"n"});
}

TEST(CycloneDxVex, RangesOfVersionsLiftNothingAndWorryAboutAll) {
    constexpr std::string_view affects =
        R"({"ref":"pkg:gem/a","versions":[{"range":"vers:gem/<2","status":"unaffected"}]})";
    auto const lifted = parse(vulnerability("not_affected", affects));
    ASSERT_EQ(lifted.statements.size(), 1U);
    EXPECT_TRUE(lifted.statements[0].products.empty());
    auto const worried = parse(vulnerability("exploitable", affects));
    ASSERT_EQ(worried.statements.size(), 1U);
    EXPECT_EQ(worried.statements[0].products, Names{"pkg:gem/a"});
    auto const empty = parse(vulnerability("not_affected", R"({"ref":"pkg:gem/a","versions":[]})"));
    EXPECT_EQ(empty.statements.at(0).products, Names{"pkg:gem/a"});
}

TEST(CycloneDxVex, WhatAffectsNothingIsAboutNothing) {
    constexpr std::string_view more = R"("metadata":{"component":{"purl":"pkg:oci/a@sha256:1"}},)";
    for (auto const& json : {vulnerability("resolved", ""),
                             std::string(R"({"id":"A","analysis":{"state":"resolved"}})")}) {
        auto const read = parse(json, more);
        ASSERT_EQ(read.statements.size(), 1U);
        EXPECT_TRUE(read.statements[0].products.empty());
    }
}

TEST(CycloneDxVex, AVulnerabilityWithoutAnalysisSaysNothing) {
    auto const read = parse(R"({"id":"A","affects":[]},{"id":"B","analysis":{"detail":"d"}},)" +
                            vulnerability("resolved", R"({"ref":"a"})"));
    ASSERT_EQ(read.statements.size(), 1U);
    EXPECT_EQ(read.statements[0].place, "vulnerabilities/2");
}

TEST(CycloneDxVex, WhatIsWrongIsNamed) {
    struct Bad {
        std::string json;
        std::string_view said;
    };
    auto const good = vulnerability("resolved", R"({"ref":"a"})");
    Bad const cases[] = {
        {document(""), "vulnerabilities has no analysis with a state"},
        {document("7,null"), "vulnerabilities has no analysis with a state"},
        {R"({"bomFormat":"CycloneDX","specVersion":"1.6"})",
         "vulnerabilities has no analysis with a state"},
        {R"({"bomFormat":"CycloneDX"})", "specVersion is missing"},
        {R"({"bomFormat":"CycloneDX","specVersion":"1.3"})",
         "specVersion is not a version of CycloneDX from 1.4 on"},
        {R"({"bomFormat":"CycloneDX","specVersion":"2.0"})",
         "specVersion is not a version of CycloneDX from 1.4 on"},
        {R"({"bomFormat":"CycloneDX","specVersion":"1.x"})",
         "specVersion is not a version of CycloneDX from 1.4 on"},
        {document(vulnerability("fixed", R"({"ref":"a"})")),
         "vulnerabilities/0/analysis/state is not known: \"fixed\""},
        {document(vulnerability("resolvd", R"({"ref":"a"})")),
         "vulnerabilities/0/analysis/state is not known: \"resolvd\" (did you mean resolved?)"},
        {document(R"({"id":"A","analysis":{"state":"resolved"},"affects":{}})"),
         "vulnerabilities/0/affects is not an array"},
        {document(R"({"analysis":{"state":"resolved"},"affects":[{"ref":"a"}]})"),
         "vulnerabilities/0/id is missing"},
        {document(R"({"id":"A B","analysis":{"state":"resolved"},"affects":[{"ref":"a"}]})"),
         "vulnerabilities/0/id is not the id of a vulnerability"},
        {document(R"({"id":"A","analysis":"resolved","affects":[{"ref":"a"}]})"),
         "vulnerabilities/0/analysis is not an object"},
        {document(R"({"id":"A","analysis":{"state":"resolved","justification":"x"},"affects":[]})"),
         "vulnerabilities/0/analysis/justification is not known: \"x\""},
        {document(R"({"id":"A","analysis":{"state":"resolved","lastUpdated":"x"},"affects":[]})"),
         "vulnerabilities/0/analysis/lastUpdated is not a time (write 2026-11-24T09:51:39Z)"},
        {document(vulnerability("resolved", "{}")), "vulnerabilities/0/affects/0/ref is missing"},
        {document(vulnerability("resolved", "\"a\"")),
         "vulnerabilities/0/affects/0 is not an object"},
        {document(vulnerability("resolved", R"({"ref":"a","version":"1"})")),
         "vulnerabilities/0/affects/0 has an unknown member \"version\" (did you mean versions?)"},
        {document(good, R"("metadata":7,)"), "metadata is not an object"},
        {document(good, R"("metadata":{"component":{}},)"), "metadata/component/name is missing"},
        {document(good, R"("metadata":{"timestamp":"x"},)"),
         "metadata/timestamp is not a time (write 2026-11-24T09:51:39Z)"},
        {document(good, R"("components":[{"bom-ref":"a","purl":"pkg:gem/a"},
            {"bom-ref":"a","purl":"pkg:gem/b"}],)"),
         "components/0/bom-ref stands for two components"},
        {document(good, R"("components":{},)"), "components is not an array"},
    };
    for (auto const& bad : cases)
        EXPECT_EQ(refusal(bad.json), bad.said) << bad.json;
}

TEST(CycloneDxVex, ComponentsMayNestAsDeepAsJsonMay) {
    std::string inner = R"({"bom-ref":"deep","purl":"pkg:gem/deep"})";
    for (int i = 0; i < 25; ++i)
        inner = cat(R"({"components":[)", inner, "]}");
    auto const read = parse(vulnerability("resolved", R"({"ref":"deep"})"),
                            cat(R"("components":[)", inner, "],"));
    ASSERT_EQ(read.statements.size(), 1U);
    EXPECT_EQ(read.statements[0].products, Names{"pkg:gem/deep"});
}

} // namespace
} // namespace clairgate::policy
