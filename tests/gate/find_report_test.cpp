#include <clairgate/base/text.hpp>
#include <clairgate/gate/find_report.hpp>
#include <clairgate/report/formats.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <gate/signed_report.hpp>
#include <registry/evidence_setting.hpp>

namespace clairgate::gate {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using test::KeyPair;
using test::report_that;
using test::scan_time;

class BundleFile {
  public:
    explicit BundleFile(std::string_view bytes) { std::ofstream(name()) << bytes; }
    std::string name() const { return (folder_.path() / "report.sigstore.json").string(); }

  private:
    test::TempDir folder_;
};

Demand demand_for(report::Report const& report) {
    return {report.reference.digest().value(), {}, false};
}

Found prove(std::vector<Piece> pieces, KeyPair const& key, Demand const& demand) {
    test::TestWorld world;
    auto const deadline = Deadline::after(world.clock, seconds(5));
    return world
        .run(prove_pieces(world.world, std::move(pieces), key.public_key(), {}, demand, deadline))
        .value();
}

TEST(PiecesOfFile, AreTheLinesThatHoldSomething) {
    KeyPair const key;
    auto const report = report_that({});
    auto const bundle = test::bundle_of(report, key);
    BundleFile const file(cat(bundle, "\r\n\r\n  \n", bundle, "\n", bundle)); // no end of line
    auto const pieces = pieces_of_file(file.name(), false);
    ASSERT_TRUE(pieces.has_value()) << pieces.error().text();
    ASSERT_EQ(pieces->size(), 3U);
    EXPECT_EQ(pieces->at(0).where, file.name() + ":1");
    EXPECT_EQ(pieces->at(1).where, file.name() + ":4");
    EXPECT_EQ(pieces->at(2).where, file.name() + ":5");
    EXPECT_FALSE(pieces->at(0).is_unsigned);
    EXPECT_EQ(prove(*pieces, key, demand_for(report)).reports.size(), 3U); // CRLF is tolerated
}

TEST(PiecesOfFile, AreNoneOfAnEmptyFileAndAnErrorOfNone) {
    for (auto const* const bytes : {"", "\n", "\r\n\r\n", " "})
        EXPECT_TRUE(pieces_of_file(BundleFile(bytes).name(), false).value().empty());
    test::TempDir folder;
    EXPECT_EQ(pieces_of_file(folder.path().string(), false).error().kind(), ErrorKind::file);
    auto const missing = pieces_of_file((folder.path() / "none").string(), true);
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind(), ErrorKind::file);
    EXPECT_NE(missing.error().text().find("--bundle"), std::string::npos);
}

TEST(PiecesOfFile, AreOneWhereABundleIsLaidOutOverSeveralLines) {
    KeyPair const key;
    auto const report = report_that({});
    auto bundle = test::bundle_of(report, key);
    ASSERT_EQ(bundle.back(), '}');
    bundle.insert(bundle.size() - 1, "\n");
    bundle.insert(1, "\n  ");
    BundleFile const file(bundle + "\n");
    auto const pieces = pieces_of_file(file.name(), false).value();
    ASSERT_EQ(pieces.size(), 1U);
    auto const found = prove(pieces, key, demand_for(report));
    ASSERT_EQ(found.reports.size(), 1U);
    EXPECT_EQ(found.reports[0].where, file.name());
    EXPECT_EQ(pieces_of_file(BundleFile(bundle + "\n" + bundle).name(), false).value().size(), 6U)
        << "two of them are neither one value nor one a line";
}

TEST(PiecesOfFile, AreAtMostAThousand) {
    std::string lines;
    for (int i = 0; i < 1000; ++i)
        lines += "{}\n";
    EXPECT_EQ(pieces_of_file(BundleFile(lines).name(), false).value().size(), 1000U);
    EXPECT_EQ(pieces_of_file(BundleFile(lines + "{}\n").name(), false).error().kind(),
              ErrorKind::limit);
}

TEST(PiecesOfFile, AreAnUnsignedReportOnlyWhereThatIsSaid) {
    auto const report = report_that({});
    BundleFile const file(report::json_of(report));
    auto const refused = pieces_of_file(file.name(), false);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
    EXPECT_NE(refused.error().remedy().find("--unsafe-allow-unsigned"), std::string::npos);
    auto const pieces = pieces_of_file(file.name(), true).value();
    ASSERT_EQ(pieces.size(), 1U);
    EXPECT_TRUE(pieces[0].is_unsigned);
    auto const found = prove(pieces, KeyPair(), demand_for(report));
    ASSERT_EQ(found.reports.size(), 1U);
    EXPECT_EQ(found.reports[0].where, file.name());
    auto const other = prove(pieces, KeyPair(), {image::Digest::of("other"), {}, false});
    ASSERT_EQ(other.refusals.size(), 1U);
    EXPECT_EQ(other.refusals[0].layer, ProofLayer::report);
}

TEST(ProvePieces, KeepsWhatIsProvenWhateverIsBesideIt) {
    KeyPair const key;
    auto const report = report_that({});
    Piece const good{
        registry::EvidenceForm::envelope, test::envelope_of(report, key), "att", false};
    Piece const bundle{
        registry::EvidenceForm::bundle, test::bundle_of(report, key), "referrer", false};
    Piece const foreign{
        registry::EvidenceForm::bundle, test::bundle_of(report, KeyPair()), "foreign", false};
    Piece const broken{registry::EvidenceForm::bundle, "{", "broken", false};
    auto const summary =
        key.sign(test::statement_of(report, attest::predicate_type::summary, R"({"verifier":{}})"));
    Piece const other{registry::EvidenceForm::bundle, attest::bundle_json(summary), "vsa", false};
    auto const found = prove({foreign, good, broken, bundle, other}, key, demand_for(report));
    ASSERT_EQ(found.reports.size(), 2U);
    EXPECT_EQ(found.reports[0].where, "att");
    EXPECT_EQ(found.reports[1].where, "referrer");
    ASSERT_EQ(found.refusals.size(), 3U);
    EXPECT_EQ(found.refusals[0].layer, ProofLayer::signature);
    EXPECT_TRUE(found.refusals[0].why.starts_with("foreign failed: ")) << found.refusals[0].why;
    EXPECT_EQ(found.refusals[1].layer, ProofLayer::form);
    EXPECT_EQ(found.refusals[2].layer, ProofLayer::type);
}

TEST(ProvePieces, OfAnIdentityTakesNoKeysSignature) {
    test::TestWorld world;
    auto const report = report_that({});
    TrustChoice trust;
    trust.identity = "a@example.org";
    trust.issuer = "https://example.org";
    std::vector<Piece> pieces{
        {registry::EvidenceForm::bundle, test::bundle_of(report, KeyPair()), "here", false}};
    auto const found = world
                           .run(prove_pieces(world.world,
                                             pieces,
                                             std::nullopt,
                                             trust,
                                             demand_for(report),
                                             Deadline::after(world.clock, seconds(5))))
                           .value();
    EXPECT_TRUE(found.reports.empty());
    ASSERT_EQ(found.refusals.size(), 1U);
    EXPECT_EQ(found.refusals[0].layer, ProofLayer::signature);
}

ProvenReport proven(test::Says const& says, std::string where = "here") {
    auto const report = report_that(says);
    auto found = prove_report(test::statement_of(report), demand_for(report), std::move(where));
    return *std::move(found);
}

// The verdict that counts, whatever the order of the pieces is; "" where it is not always the same.
std::string counting(std::vector<ProvenReport> reports, SystemTime now) {
    std::vector<std::size_t> order(reports.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::string verdict;
    do {
        Found found;
        for (auto const i : order)
            found.reports.push_back(reports[i]);
        auto const best = newest(std::move(found), now);
        auto const said = best.has_value() ? best->stored.verdict : best.error().text();
        if (!verdict.empty() && said != verdict)
            return "";
        verdict = said;
    } while (std::next_permutation(order.begin(), order.end()));
    return verdict;
}

TEST(Newest, IsByItsSignedTimeWhateverTheOrder) {
    auto const at = scan_time();
    auto const red = proven({.verdict = "block", .finished = at});
    auto const old_green = proven({.verdict = "pass", .finished = at - seconds(1)});
    auto const older = proven({.verdict = "warn", .finished = at - minutes(60)});
    auto const new_green = proven({.verdict = "pass", .finished = at + seconds(1)});
    EXPECT_EQ(counting({red, old_green, older, old_green}, at), "block");
    EXPECT_EQ(counting({red, old_green, older, new_green}, at + seconds(1)), "pass");
    EXPECT_EQ(counting({old_green, older}, at), "pass");
}

TEST(Newest, OfATieIsTheWorst) {
    auto const pass = proven({.verdict = "pass"});
    auto const warn = proven({.verdict = "warn"});
    auto const undecided = proven({.verdict = "undecided"});
    auto const block = proven({.verdict = "block"});
    EXPECT_EQ(counting({pass, warn}, scan_time()), "warn");
    EXPECT_EQ(counting({pass, warn, undecided}, scan_time()), "undecided");
    EXPECT_EQ(counting({pass, warn, undecided, block}, scan_time()), "block");
    EXPECT_EQ(counting({pass, block, pass}, scan_time()), "block");
}

TEST(Newest, IsNotFromTheFuture) {
    auto const report = proven({.verdict = "pass"});
    auto const edge = report.finished - minutes(5);
    EXPECT_EQ(counting({report}, edge), "pass");
    auto const refused = newest({{report}, {}}, edge - seconds(1));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind(), ErrorKind::denied);
    EXPECT_NE(refused.error().text().find("the age of here failed"), std::string::npos)
        << refused.error().text();
    // It hides nothing that is acceptable.
    auto const red = proven({.verdict = "block", .finished = edge - minutes(9)});
    EXPECT_EQ(counting({report, red}, edge - seconds(1)), "block");
}

TEST(Newest, OfNothingSaysHowFarItCame) {
    auto const nothing = newest({}, scan_time());
    ASSERT_FALSE(nothing.has_value());
    EXPECT_EQ(nothing.error().kind(), ErrorKind::denied);
    EXPECT_NE(nothing.error().text().find("no signed scan report"), std::string::npos);
    Found found;
    found.refusals = {{ProofLayer::signature, "a failed: x"},
                      {ProofLayer::report, "b failed: y"},
                      {ProofLayer::form, "c failed: z"}};
    auto const text = newest(std::move(found), scan_time()).error().text();
    EXPECT_NE(text.find("the report of b failed: y"), std::string::npos) << text;
    EXPECT_NE(text.find("of 3 looked at"), std::string::npos) << text;
}

TEST(CheckAge, HoldsToTheSecond) {
    auto const report = proven({});
    auto const at = report.finished;
    EXPECT_TRUE(check_age(report, minutes(10), at + minutes(10)).has_value());
    auto const stale = check_age(report, minutes(10), at + minutes(10) + seconds(1));
    ASSERT_FALSE(stale.has_value());
    EXPECT_EQ(stale.error().kind(), ErrorKind::denied);
    EXPECT_NE(stale.error().text().find("the age of here failed"), std::string::npos);
    EXPECT_TRUE(check_age(report, Duration(0), at).has_value());
    EXPECT_FALSE(check_age(report, Duration(0), at + seconds(1)).has_value());
    EXPECT_TRUE(check_age(report, Duration(0), at - minutes(4)).has_value());
}

TEST(PiecesOfRegistry, AreReportsInTheFormsThatAreWanted) {
    test::EvidenceSetting setting;
    KeyPair const key;
    auto const image = setting.registry.at(setting.image.digest);
    auto const report = report_that({.image = image});
    registry::NewEvidence evidence{std::string(attest::predicate_type::vuln),
                                   test::bundle_of(report, key),
                                   test::envelope_of(report, key),
                                   "2026-11-24T12:00:00Z",
                                   {}};
    ASSERT_TRUE(setting.attach(evidence).has_value());
    ASSERT_TRUE(setting.attach(test::EvidenceSetting::evidence("another type")).has_value());
    auto const pieces = [&](bool is_envelope_wanted) {
        PiecesWish wish{is_envelope_wanted};
        return setting.world
            .run(pieces_of_registry(
                setting.world.world, {}, image, std::move(wish), setting.deadline()))
            .value();
    };
    auto const all = pieces(true);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].form, registry::EvidenceForm::bundle);
    EXPECT_EQ(all[1].form, registry::EvidenceForm::envelope);
    EXPECT_EQ(all[1].bytes, evidence.envelope);
    ASSERT_EQ(pieces(false).size(), 1U);
    EXPECT_EQ(pieces(false)[0].bytes, evidence.bundle);
    EXPECT_NE(all[0].where.find("team/app@sha256:"), std::string::npos) << all[0].where;
    EXPECT_FALSE(all[0].is_unsigned || all[1].is_unsigned);
    EXPECT_EQ(prove(all, key, demand_for(report)).reports.size(), 2U);
}

TEST(TrustedKey, IsTheOneThatIsNamed) {
    test::TestWorld world;
    KeyPair const key;
    auto const of = [&](std::optional<std::string> file) {
        TrustChoice trust;
        trust.key = std::move(file);
        return world.run(trusted_key(world.world, trust, Deadline::after(world.clock, seconds(5))));
    };
    EXPECT_EQ(of(std::nullopt).value(), std::nullopt);
    EXPECT_EQ(of(key.public_file()).value().value().pem(), key.public_key().pem());
    auto const missing = of("/nowhere/cosign.pub");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind(), ErrorKind::config);
    EXPECT_TRUE(missing.error().text().starts_with("--key: ")) << missing.error().text();
}

} // namespace
} // namespace clairgate::gate
