#include <clairgate/base/text.hpp>
#include <clairgate/policy/vex.hpp>

#include <gtest/gtest.h>

namespace clairgate::policy {
namespace {

using Status = VexStatement::Status;
using Names = std::vector<std::string>;

std::string document(std::string_view statements,
                     std::string_view context = "https://openvex.dev/ns/v0.2.0") {
    return cat(R"({"@context":")",
               context,
               R"(","@id":"https://openvex.dev/docs/example/vex-1","author":"Example Team",)",
               R"("role":"Document Creator","timestamp":"2026-01-08T18:02:03.647787998-06:00",)",
               R"("version":1,"tooling":"by hand","statements":[)",
               statements,
               "]}");
}

VexDocument parse(std::string_view statements) {
    auto parsed = parse_vex(document(statements));
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

TEST(OpenVex, AStatementIsReadWithAllThatItSays) {
    auto const read = parse(R"({
        "@id":"https://example.org/vex/1#1",
        "vulnerability":{"@id":"https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
            "name":"CVE-2021-44228","description":"Remote code injection",
            "aliases":["GHSA-jfh8-c2jp-5v3q","CVE-2021-44228"]},
        "products":[{"@id":"pkg:oci/app@sha256%3Aabc",
            "identifiers":{"purl":"pkg:oci/app@sha256%3Aabc?tag=1","cpe23":"cpe:2.3:a:x:y"}}],
        "status":"not_affected",
        "justification":"vulnerable_code_not_in_execute_path",
        "impact_statement":"The logger is never used.",
        "status_notes":"asked upstream",
        "timestamp":"2026-02-01T00:00:00Z"})");
    EXPECT_EQ(read.author, "Example Team");
    EXPECT_EQ(read.id, "https://openvex.dev/docs/example/vex-1");
    EXPECT_EQ(to_rfc3339(read.time.value()), "2026-01-09T00:02:03Z");
    ASSERT_EQ(read.statements.size(), 1U);
    auto const& statement = read.statements[0];
    EXPECT_EQ(statement.ids, (Names{"CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"}));
    EXPECT_EQ(statement.status, Status::not_affected);
    EXPECT_EQ(statement.justification, "vulnerable_code_not_in_execute_path");
    EXPECT_EQ(statement.statement, "The logger is never used.");
    EXPECT_EQ(
        statement.products,
        (Names{"pkg:oci/app@sha256%3Aabc", "cpe:2.3:a:x:y", "pkg:oci/app@sha256%3Aabc?tag=1"}));
    EXPECT_TRUE(statement.subcomponents.empty());
    EXPECT_EQ(to_rfc3339(statement.time.value()), "2026-02-01T00:00:00Z");
    EXPECT_EQ(statement.place, "statements/0");
}

TEST(OpenVex, EveryStatusIsKnownAndTheTimeIsInherited) {
    for (auto const& [word, status] :
         {std::pair("fixed", Status::fixed),
          std::pair("affected", Status::affected),
          std::pair("under_investigation", Status::under_investigation)}) {
        auto const read = parse(cat(R"({"vulnerability":{"name":"CVE-2024-0001"},"status":")",
                                    word,
                                    R"(","status_notes":"n","products":[{"@id":"pkg:oci/a"}]})"));
        ASSERT_EQ(read.statements.size(), 1U) << word;
        EXPECT_EQ(read.statements[0].status, status);
        EXPECT_EQ(read.statements[0].statement, "n");
        EXPECT_EQ(read.statements[0].time, read.time);
    }
}

TEST(OpenVex, EveryStatementMayHaveItsOwnTime) {
    auto const read = parse_vex(R"({"@context":"https://openvex.dev/ns/v0.2.0","@id":"i",
        "author":"a","statements":[{"timestamp":"2022-12-22T16:36:43-05:00","status":"fixed",
        "vulnerability":{"name":"C"},"products":[{"@id":"p"}]}]})");
    ASSERT_TRUE(read.has_value()) << read.error().message();
    EXPECT_EQ(read->time, std::nullopt);
    EXPECT_EQ(to_rfc3339(read->statements.at(0).time.value()), "2022-12-22T21:36:43Z");
}

TEST(OpenVex, SubcomponentsStayWithTheirProduct) {
    auto const read =
        parse(R"({"vulnerability":{"name":"CVE-2024-0001"},"status":"fixed","products":[
        {"@id":"pkg:oci/a","subcomponents":[{"@id":"pkg:deb/debian/x"},
            {"identifiers":{"purl":"pkg:deb/debian/y"}}]},
        {"@id":"pkg:oci/b"},
        {"@id":"pkg:oci/c","subcomponents":[{"@id":"pkg:deb/debian/z"}]},
        {"@id":"pkg:oci/d","subcomponents":[]}]})");
    ASSERT_EQ(read.statements.size(), 3U);
    EXPECT_EQ(read.statements[0].products, Names{"pkg:oci/a"});
    EXPECT_EQ(read.statements[0].subcomponents, (Names{"pkg:deb/debian/x", "pkg:deb/debian/y"}));
    EXPECT_EQ(read.statements[1].products, Names{"pkg:oci/c"});
    EXPECT_EQ(read.statements[1].subcomponents, Names{"pkg:deb/debian/z"});
    EXPECT_EQ(read.statements[2].products, (Names{"pkg:oci/b", "pkg:oci/d"}));
    EXPECT_TRUE(read.statements[2].subcomponents.empty());
    for (auto const& statement : read.statements) {
        EXPECT_EQ(statement.ids, Names{"CVE-2024-0001"});
        EXPECT_EQ(statement.place, "statements/0");
    }
}

TEST(OpenVex, AProductWithADigestIsThatImageAlone) {
    auto const read =
        parse(R"({"vulnerability":{"name":"CVE-2024-0001"},"status":"fixed","products":[
        {"@id":"pkg:oci/a?repository_url=r.example/a","hashes":{"sha-256":"ABC","md5":"d"}},
        {"@id":"pkg:oci/b@sha256:1","hashes":{"sha-512":"ef"}}]})");
    ASSERT_EQ(read.statements.size(), 1U);
    EXPECT_EQ(read.statements[0].products,
              (Names{"sha256:abc", "pkg:oci/b@sha256:1", "sha512:ef"}));
}

TEST(OpenVex, OlderDocumentsAreReadWithTheirNarrowness) {
    for (std::string_view const context :
         {"https://openvex.dev/ns", "https://openvex.dev/ns/v0.0.1"}) {
        auto const read = parse_vex(document(
            R"({"vulnerability":"CVE-2023-12345","vuln_description":"bad","status":"fixed",
                "products":["pkg:oci/a","pkg:oci/b"],"subcomponents":["pkg:apk/wolfi/git"]},
               {"vulnerability":"CVE-2023-12345","status":"fixed","products":["pkg:oci/c"]})",
            context));
        ASSERT_TRUE(read.has_value()) << read.error().message();
        ASSERT_EQ(read->statements.size(), 3U);
        EXPECT_EQ(read->statements[0].products, Names{"pkg:oci/a"});
        EXPECT_EQ(read->statements[0].subcomponents, Names{"pkg:apk/wolfi/git"});
        EXPECT_EQ(read->statements[1].products, Names{"pkg:oci/b"});
        EXPECT_EQ(read->statements[1].subcomponents, Names{"pkg:apk/wolfi/git"});
        EXPECT_TRUE(read->statements[2].subcomponents.empty());
        EXPECT_EQ(read->statements[2].place, "statements/1");
    }
}

TEST(OpenVex, AStatementThatLacksSomethingIsRefused) {
    struct Bad {
        std::string_view statement;
        std::string_view said;
    };
    Bad const cases[] = {
        {"7", "statements/0 is not an object"},
        {R"({"status":"fixed","products":["a"]})", "statements/0/vulnerability is missing"},
        {R"({"vulnerability":{},"status":"fixed","products":["a"]})",
         "statements/0/vulnerability/name is missing"},
        {R"({"vulnerability":{"name":""},"status":"fixed","products":["a"]})",
         "statements/0/vulnerability/name is not the id of a vulnerability"},
        {R"({"vulnerability":7,"status":"fixed","products":["a"]})",
         "statements/0/vulnerability is not a string"},
        {R"({"vulnerability":{"name":"C","aliases":["C "]},"status":"fixed","products":["a"]})",
         "statements/0/vulnerability/aliases/0 is not the id of a vulnerability"},
        {R"({"vulnerability":"C","products":["a"]})", "statements/0/status is missing"},
        {R"({"vulnerability":"C","status":"Fixed","products":["a"]})",
         "statements/0/status is not known: \"Fixed\" (did you mean fixed?)"},
        {R"({"vulnerability":"C","status":"not_affected","products":["a"]})",
         "statements/0 is not_affected without a justification or impact_statement"},
        {R"({"vulnerability":"C","status":"not_affected","status_notes":"x","products":["a"]})",
         "statements/0 is not_affected without a justification or impact_statement"},
        {R"({"vulnerability":"C","status":"fixed","justification":"because","products":["a"]})",
         "statements/0/justification is not known: \"because\""},
        {R"({"vulnerability":"C","status":"fixed"})",
         "statements/0/products is empty: it would be about nothing"},
        {R"({"vulnerability":"C","status":"fixed","products":[]})",
         "statements/0/products is empty: it would be about nothing"},
        {R"({"vulnerability":"C","status":"fixed","products":{}})",
         "statements/0/products is not an array"},
        {R"({"vulnerability":"C","status":"fixed","products":[{}]})",
         "statements/0/products/0 has neither @id nor identifiers"},
        {R"({"vulnerability":"C","status":"fixed","products":[{"hashes":{"sha-256":"a"}}]})",
         "statements/0/products/0 has neither @id nor identifiers"},
        {R"({"vulnerability":"C","status":"fixed","products":[7]})",
         "statements/0/products/0 is not a string"},
        {R"({"vulnerability":"C","status":"fixed","products":[{"@id":7}]})",
         "statements/0/products/0/@id is not a string"},
        {R"({"vulnerability":"C","status":"fixed","products":[{"identifiers":["a"]}]})",
         "statements/0/products/0/identifiers is not an object"},
        {R"({"vulnerability":"C","status":"fixed","products":[{"@id":"a","subcomponents":[{}]}]})",
         "statements/0/products/0/subcomponents/0 has neither @id nor identifiers"},
        {R"({"vulnerability":"C","status":"fixed","products":[{"@id":"a","subcomponent":[]}]})",
         "statements/0/products/0 has an unknown member \"subcomponent\" (did you mean "
         "subcomponents?)"},
        {R"({"vulnerability":"C","status":"fixed","product":["a"]})",
         "statements/0 has an unknown member \"product\" (did you mean products?)"},
        {R"({"vulnerability":"C","status":"fixed","timestamp":"soon","products":["a"]})",
         "statements/0/timestamp is not a time (write 2026-11-24T09:51:39Z)"},
    };
    for (auto const& bad : cases)
        EXPECT_EQ(refusal(document(bad.statement)), bad.said);
}

TEST(OpenVex, ADocumentThatLacksSomethingIsRefused) {
    constexpr std::string_view good = R"({"vulnerability":"C","status":"fixed","products":["a"]})";
    auto const without = [&](std::string_view part) {
        auto json = document(good);
        auto const at = json.find(part);
        EXPECT_NE(at, std::string::npos) << part;
        return refusal(json.erase(at, part.size()));
    };
    EXPECT_EQ(refusal(document(good)), "none");
    EXPECT_EQ(without(R"("author":"Example Team",)"), "author is missing");
    EXPECT_EQ(without(R"("@id":"https://openvex.dev/docs/example/vex-1",)"), "@id is missing");
    EXPECT_EQ(without(R"("timestamp":"2026-01-08T18:02:03.647787998-06:00",)"),
              "statements/0/timestamp is missing, and the document has none");
    EXPECT_EQ(without(good), "statements is empty");
    for (std::string_view const context : {"https://openvex.dev/ns/v0.3.0",
                                           "https://openvex.dev/ns/",
                                           "https://openvex.dev/nsx",
                                           "https://openvex.dev/ns/v0.2.0/"})
        EXPECT_EQ(refusal(document(good, context)),
                  "@context is not a version of OpenVEX up to v0.2.0")
            << context;
    std::string many = "1";
    for (std::size_t i = 0; i < VexDocument::statements_max; ++i)
        many += ",1";
    EXPECT_EQ(refusal(document(many)), "statements has more than 100000");
}

} // namespace
} // namespace clairgate::policy
