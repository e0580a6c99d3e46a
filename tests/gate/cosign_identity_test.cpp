#include <clairgate/attest/bundle.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/cosign_identity.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <support/temp_dir.hpp>
#include <support/test_world.hpp>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;

auto const digest = image::Digest::of("manifest");
constexpr auto enough = std::chrono::seconds(20);

TrustChoice trust() {
    TrustChoice choice;
    choice.identity = "https://ci.example/team app";
    choice.issuer = "-https://issuer.example";
    return choice;
}

std::string bundle(bool is_keyless = true) {
    attest::Bundle bundle;
    bundle.envelope = {"{}", std::string(attest::payload_type), "signature"};
    if (is_keyless)
        bundle.certificate = "0";
    else
        bundle.key_hint = "";
    return attest::bundle_json(bundle);
}

// A program named cosign that writes down what it was given, then does what it is told. Without
// words there is no cosign at all.
class Scene {
  public:
    explicit Scene(std::string_view does = "")
        : bin_(folder_.path() / "bin"), out_(folder_.path() / "out"),
          temporary_(folder_.path() / "tmp"),
          world_({{"PATH", does.empty() ? bin_.string() : bin_.string() + ":/usr/bin:/bin"},
                  {"TMPDIR", temporary_.string()},
                  {"HOME", "/home/user"},
                  {"COSIGN_PASSWORD", "hidden"}}) {
        for (auto const& one : {bin_, out_, temporary_})
            fs::create_directory(one);
        if (does.empty())
            return;
        std::ofstream(bin_ / "cosign")
            << "#!/bin/sh\nfor word; do echo \"$word\" >>'" << out_.string() << "/words'; done\n"
            << "env >'" << out_.string() << "/environment'\n"
            << "cat \"$3\" >'" << out_.string() << "/bundle'\n"
            << "stat -c %a \"$3\" >'" << out_.string() << "/mode'\n"
            << does << "\n";
        fs::permissions(bin_ / "cosign", fs::perms::owner_all);
    }

    Result<Proof<attest::Envelope>>
    prove(std::string const& text, TrustChoice const& choice, Duration patience = enough) {
        auto const deadline = Deadline::after(world_.clock, patience);
        return world_.run(prove_identity(world_.world, text, choice, digest, deadline));
    }
    std::string told(std::string_view what) const {
        std::ifstream file(out_ / what);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    bool has_left_something() const { return !fs::is_empty(temporary_); }
    bool was_asked() const { return fs::exists(out_ / "words"); }

  private:
    test::TempDir folder_;
    fs::path bin_, out_, temporary_;
    test::TestWorld world_;
};

TEST(CosignArguments, AreAListThatNothingSplits) {
    auto choice = trust();
    Arguments const wanted{"verify-blob-attestation",
                           "--bundle",
                           "/tmp/b.json",
                           "--type",
                           "vuln",
                           "--digest",
                           std::string(digest.hex()),
                           "--digestAlg",
                           "sha256",
                           "--certificate-identity",
                           "https://ci.example/team app",
                           "--certificate-oidc-issuer",
                           "-https://issuer.example"};
    EXPECT_EQ(cosign_arguments("/tmp/b.json", choice, digest, true), wanted);
    choice.trusted_root_file = "my root.json";
    auto const rooted = cosign_arguments("/tmp/b.json", choice, digest, false);
    auto const place = std::find(rooted.begin(), rooted.end(), "--trusted-root");
    ASSERT_NE(place, rooted.end());
    EXPECT_EQ(*std::next(place), "my root.json");
    auto const timed = cosign_arguments("/tmp/b.json", choice, digest, true);
    ASSERT_EQ(timed.size(), rooted.size() + 1);
    EXPECT_EQ(timed.back(), "--use-signed-timestamps");
}

TEST(ProveIdentity, IsWhatCosignSaysOfTheBundleItRead) {
    Scene scene("exit 0");
    auto const proven = scene.prove(bundle(), trust());
    ASSERT_TRUE(proven.has_value()) << proven.error().text();
    ASSERT_TRUE(proven->has_value()) << proven->error().why;
    EXPECT_EQ((*proven)->payload, "{}");
    EXPECT_EQ(scene.told("bundle"), bundle());
    EXPECT_EQ(scene.told("mode"), "600\n");
    EXPECT_FALSE(scene.has_left_something());
    auto const words = scene.told("words");
    EXPECT_NE(words.find("--certificate-identity\nhttps://ci.example/team app\n"),
              std::string::npos)
        << words;
    EXPECT_NE(words.find("--certificate-oidc-issuer\n-https://issuer.example\n"),
              std::string::npos);
    auto const environment = scene.told("environment");
    EXPECT_NE(environment.find("HOME=/home/user\n"), std::string::npos);
    EXPECT_EQ(environment.find("hidden"), std::string::npos); // nothing that it has no use for
}

TEST(ProveIdentity, AsksForTimesWhereTheBundleHasThem) {
    auto choice = trust();
    choice.trusted_root_file = "my root.json";
    for (bool const has_times : {false, true}) {
        auto parsed = attest::parse_bundle(bundle()).value();
        if (has_times)
            parsed.timestamps.emplace_back("0");
        Scene scene("exit 0");
        ASSERT_TRUE(scene.prove(attest::bundle_json(parsed), choice).has_value());
        EXPECT_EQ(scene.told("words").find("--use-signed-timestamps") != std::string::npos,
                  has_times);
    }
}

TEST(ProveIdentity, IsRefusedInCosignsOwnWords) {
    Scene scene("echo 'a hint' >&2; printf 'wrong \\033[31midentity\\n\\n' >&2; exit 1");
    auto const proven = scene.prove(bundle(), trust());
    ASSERT_TRUE(proven.has_value()) << proven.error().text();
    ASSERT_FALSE(proven->has_value());
    EXPECT_EQ(proven->error().layer, ProofLayer::signature);
    EXPECT_EQ(proven->error().why, "wrong \\x1b[31midentity");
    EXPECT_FALSE(scene.has_left_something());
}

TEST(ProveIdentity, IsRefusedWithAllLinesOfTheReason) {
    Scene scene(
        "printf 'Error: wrong root:\\n[1 2]\\n' >&2\n"
        "printf 'error during command execution: wrong root:\\n[1 2]\\n not\\n' >&2; exit 1");
    auto const proven = scene.prove(bundle(), trust());
    ASSERT_TRUE(proven.has_value() && !proven->has_value());
    EXPECT_EQ(proven->error().layer, ProofLayer::signature);
    EXPECT_EQ(proven->error().why, "wrong root: [1 2] not");
    Scene talkative(
        "printf 'error during command execution: ' >&2; yes no | head -c 9999 >&2; exit 1");
    auto const long_one = talkative.prove(bundle(), trust());
    ASSERT_TRUE(long_one.has_value() && !long_one->has_value());
    EXPECT_LT(long_one->error().why.size(), 1100U);
}

TEST(ProveIdentity, OfWhatCosignCannotReadFailsByItsForm) {
    Scene scene("echo 'error during command execution: --trusted-root only supported with "
                "--new-bundle-format' >&2; exit 1");
    auto const proven = scene.prove(bundle(), trust());
    ASSERT_TRUE(proven.has_value() && !proven->has_value());
    EXPECT_EQ(proven->error().layer, ProofLayer::form);
    EXPECT_NE(proven->error().why.find("cosign reads no bundle in it"), std::string::npos);
}

TEST(ProveIdentity, IsNotProvenByACosignThatDies) {
    for (auto const* const end : {"exit 2", "kill -9 $$", "kill -15 $$"}) {
        Scene scene(end);
        auto const proven = scene.prove(bundle(), trust());
        ASSERT_TRUE(proven.has_value()) << proven.error().text();
        ASSERT_FALSE(proven->has_value()) << end;
        EXPECT_FALSE(proven->error().why.empty());
        EXPECT_FALSE(scene.has_left_something());
    }
}

TEST(ProveIdentity, WaitsForNobodyForEver) {
    Scene scene("exec sleep 60");
    auto const late = scene.prove(bundle(), trust(), std::chrono::milliseconds(300));
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().kind(), ErrorKind::timeout);
    EXPECT_FALSE(scene.has_left_something());
}

TEST(ProveIdentity, WithoutCosignSaysHowToAskByHand) {
    Scene scene;
    auto choice = trust();
    choice.identity = "it's; rm -rf ~";
    choice.trusted_root_file = "my root.json";
    auto const lost = scene.prove(bundle(), choice);
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(lost.error().kind(), ErrorKind::config);
    auto const remedy = lost.error().remedy();
    EXPECT_NE(remedy.find("cosign verify-attestation --type vuln "), std::string::npos) << remedy;
    EXPECT_NE(remedy.find(digest.text()), std::string::npos) << remedy;
    // As a shell reads it, each is one word.
    for (auto const* const word : {R"(--certificate-identity 'it'\''s; rm -rf ~' )",
                                   "--certificate-oidc-issuer '-https://issuer.example'",
                                   "--trusted-root 'my root.json'"})
        EXPECT_NE(remedy.find(word), std::string::npos) << remedy;
    EXPECT_FALSE(scene.has_left_something());
}

TEST(ProveIdentity, OfNobodyIsNotAskedFor) {
    Scene scene("exit 0");
    auto nobody = trust();
    nobody.identity = "";
    auto anywhere = trust();
    anywhere.issuer.reset();
    for (auto const& choice : {nobody, anywhere, TrustChoice{}}) {
        auto const proven = scene.prove(bundle(), choice);
        ASSERT_TRUE(proven.has_value() && !proven->has_value());
        EXPECT_EQ(proven->error().layer, ProofLayer::signature);
    }
    EXPECT_FALSE(scene.was_asked());
}

TEST(ProveIdentity, OfWhatNoIdentitySignedNeedsNoCosign) {
    Scene scene("exit 0");
    auto const keyed = scene.prove(bundle(false), trust());
    ASSERT_TRUE(keyed.has_value() && !keyed->has_value());
    EXPECT_EQ(keyed->error().layer, ProofLayer::signature);
    auto const broken = scene.prove("{}", trust());
    ASSERT_TRUE(broken.has_value() && !broken->has_value());
    EXPECT_EQ(broken->error().layer, ProofLayer::form);
    EXPECT_FALSE(scene.was_asked());
}

} // namespace
} // namespace clairgate::gate
