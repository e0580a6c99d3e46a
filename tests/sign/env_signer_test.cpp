#include <clairgate/base/text.hpp>
#include <clairgate/sign/signer.hpp>

#include <gtest/gtest.h>

#include <map>
#include <sign/openssl_peer.hpp>
#include <sign/sample_keys.hpp>

namespace clairgate::sign {
namespace {

struct Variables {
    explicit Variables(std::map<std::string, std::string, std::less<>> variables)
        : world(std::move(variables)) {}
    Deadline deadline() const { return Deadline::after(world.clock, std::chrono::seconds(20)); }
    Result<std::unique_ptr<Signer>> make(std::string reference) {
        return world.run(make_signer({world.world, {}}, std::move(reference), deadline()));
    }
    Result<PublicKey> find(std::string reference) {
        return world.run(public_key_of({world.world, {}}, std::move(reference), deadline()));
    }
    test::TestWorld world;
};

TEST(EnvSigner, SignsWithTheKeyOfAVariable) {
    OpenSslPeer peer;
    auto const key = peer.p256();
    auto const half = peer.public_key(key);
    Variables variables({{"RELEASE_KEY", std::string(key.reveal())}, {"PUB_1", half}});
    auto const signer = variables.make("env://RELEASE_KEY");
    ASSERT_TRUE(signer.has_value()) << signer.error().text();
    auto const deadline = variables.deadline();
    auto const signature = variables.world.run((*signer)->sign("message", deadline)).value();
    EXPECT_TRUE(peer.verifies(half, "message", signature));
    EXPECT_EQ(variables.find("env://RELEASE_KEY").value().pem(), half);
    EXPECT_EQ(variables.find("env://PUB_1").value().pem(), half);
}

TEST(EnvSigner, DecryptsWithThePassword) {
    Variables variables({{"KEY", std::string(sample::older_private)}, {"COSIGN_PASSWORD", ""}});
    EXPECT_EQ(variables.make("env://KEY").value()->public_key().pem(), sample::rfc6979_pem);
}

TEST(EnvSigner, RefusesWhatIsNoNameOfAVariable) {
    Variables variables({{"A", "x"}, {"1", "x"}});
    for (auto const* reference :
         {"env:A", "env:/A", "env://", "env://1", "env://A B", "env://A=B", "env://A/", "env://$A"})
        EXPECT_EQ(variables.make(reference).error().kind(), ErrorKind::usage) << reference;
}

TEST(EnvSigner, NamesTheVariableButNeverShowsIt) {
    Variables variables({{"KEY", "a very secret text"}, {"EMPTY", ""}});
    for (auto const* name : {"KEY", "EMPTY", "MISSING"}) {
        auto const error = variables.make(cat("env://", name)).error();
        EXPECT_EQ(error.kind(), ErrorKind::config);
        EXPECT_NE(error.text().find(name), std::string::npos) << error.text();
        EXPECT_EQ(cat(error.text(), error.remedy()).find("secret"), std::string::npos);
    }
    EXPECT_TRUE(variables.world.events.empty());
}

} // namespace
} // namespace clairgate::sign
