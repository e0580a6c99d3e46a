#include <clairgate/base/text.hpp>
#include <clairgate/sign/signer.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

namespace fs = std::filesystem;

struct Files {
    Files() : world({{"COSIGN_PASSWORD", ""}, {"PATH", "/bin"}}) {}
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(20)); }
    std::string write(std::string_view name,
                      std::string_view bytes,
                      fs::perms permissions = fs::perms::owner_read | fs::perms::owner_write) {
        peer.write(name, bytes);
        fs::permissions(peer.path(name), permissions);
        return peer.path(name).string();
    }
    Result<std::unique_ptr<Signer>> make(std::string reference) {
        return world.run(make_signer({world.world, {}}, std::move(reference), deadline()));
    }
    Result<PublicKey> find(std::string reference) {
        return world.run(public_key_of({world.world, {}}, std::move(reference), deadline()));
    }
    test::TestWorld world;
    OpenSslPeer peer;
};

TEST(FileSigner, SignsWithThePrivateKeyOfAFile) {
    Files files;
    auto const key = files.peer.p256();
    auto const half = files.peer.public_key(key);
    auto const path = files.write("release.key", key.reveal());
    for (auto const& reference : {path, "file:" + path, "file://" + path}) {
        auto const signer = files.make(reference);
        ASSERT_TRUE(signer.has_value()) << reference << signer.error().text();
        auto const signature =
            files.world.run((*signer)->sign("message", files.deadline())).value();
        EXPECT_TRUE(files.peer.verifies(half, "message", signature));
        EXPECT_EQ(files.find(reference).value().pem(), half);
    }
    EXPECT_TRUE(files.world.events.empty());
}

TEST(FileSigner, DecryptsWithThePassword) {
    Files files;
    auto const path = files.write("cosign.key", sample::older_private, fs::perms::all);
    EXPECT_EQ(files.make(path).value()->public_key().pem(), sample::rfc6979_pem);
    EXPECT_EQ(files.find(path).value().pem(), sample::rfc6979_pem);
    EXPECT_TRUE(files.world.events.empty()); // an encrypted key may be read by others
}

TEST(FileSigner, KnowsThePublicKeyOfAFile) {
    Files files;
    auto const path = files.write("cosign.pub", sample::cosign_public, fs::perms::all);
    EXPECT_EQ(files.find(path).value().pem(), sample::cosign_public);
    EXPECT_TRUE(files.world.events.empty());
    EXPECT_EQ(files.make(path).error().kind(), ErrorKind::config);
}

TEST(FileSigner, WarnsWhenOthersMayReadAPrivateKey) {
    auto constexpr own = fs::perms::owner_read | fs::perms::owner_write;
    for (auto const others : {fs::perms::group_read, fs::perms::others_read}) {
        Files files;
        auto const path = files.write("release.key", files.peer.p256().reveal(), own | others);
        EXPECT_TRUE(files.make(path).has_value());
        ASSERT_EQ(files.world.events.size(), 1U);
        EXPECT_EQ(files.world.events[0].level, LogLevel::warning);
        EXPECT_NE(to_text_line(files.world.events[0]).find(path), std::string::npos);
    }
}

TEST(FileSigner, RefusesWhatItCannotUse) {
    Files files;
    auto const folder = files.peer.path("folder").string();
    fs::create_directory(folder);
    for (auto const& reference : {files.peer.path("missing").string(),
                                  folder,
                                  std::string("/dev/null"),
                                  files.write("empty", ""),
                                  files.write("text", "no key"),
                                  files.write("long", std::string(100'000, '\n'))}) {
        for (auto const& error : {files.make(reference).error(), files.find(reference).error()}) {
            EXPECT_EQ(error.kind(), ErrorKind::config) << reference;
            EXPECT_NE(error.text().find(reference), std::string::npos) << error.text();
        }
    }
    for (auto const* reference : {"file:", "file://", "file://host/key", "file://key"})
        EXPECT_EQ(files.make(reference).error().kind(), ErrorKind::usage) << reference;
}

} // namespace
} // namespace clairgate::sign
