//! The letters, syllables and commonest words of each language.
//!
//! The lists are ordered, commonest first. They are no grammar: they give each script its letters, and each language
//! about as many different words, prefixes and parts as it has.

/// A language, as the organisation writes it.
#[derive(Debug)]
pub(crate) struct Language {
    /// Rooms of a thousand that speak it.
    pub(crate) share: usize,
    /// Between words.
    pub(crate) space: &'static str,
    /// Between parts of a sentence.
    pub(crate) comma: &'static str,
    /// At the end of a sentence.
    pub(crate) stop: &'static str,
    /// The commonest words as they are.
    pub(crate) words: &'static str,
    /// How syllables begin (`-`: with the vowel).
    pub(crate) onsets: &'static str,
    /// What they sound like.
    pub(crate) vowels: &'static str,
    /// How they end (`-`: with the vowel).
    pub(crate) codas: &'static str,
    /// What makes words of stems.
    pub(crate) endings: &'static str,
}

const LATIN: Language = Language {
    share: 0,
    space: " ",
    comma: ", ",
    stop: ".",
    words: "",
    onsets: "",
    vowels: "",
    codas: "- n r s t l",
    endings: "",
};

pub(crate) const LANGUAGES: &[Language] = &[
    // English
    Language {
        share: 400,
        words: "the to i a and is it you of for in that we on this have be with not are can but if at do will just so \
                was as or from they me there what my now all your up no get our about when has one would ok out like \
                think know time an good should need think see yes then any want also more work here thanks some make \
                them let how who could where still today new after its well back did first other sure which",
        onsets: "s t c r p - m d b l f n st h w g pr tr ch sh v gr th br cl j sp pl fl cr k",
        vowels: "e a i o u ea o e ou ai ee oo y io oa ie au",
        codas: "- n r t s l d nt st ck m ng rt ll p ss ct sh nd ch ph x",
        endings: "s ed ing er tion ly al able ment ness ity ers ive ful ism ized less ship",
        ..LATIN
    },
    // German
    Language {
        share: 140,
        words: "ich die das und der ist nicht wir es zu in ja auch noch mit für den auf dass ein haben wie ob so da \
                aber wenn oder kann hat mal von dann bei dem sind was an im gut heute danke bitte eine nur mir schon \
                aus sie uns nach über morgen bis wird alles würde müssen können heißt größer",
        onsets: "s g b - st h w d r m l k f v n z sch t p br tr kl schw gr pf fl kr bl zw",
        vowels: "e a i ei ie u o ä ü e au ö eu äu",
        codas: "- n r t ch l s ng st m cht rt nd ck tz ß ll nk f",
        endings: "en er e ung t keit lich heit ungen isch te bar schaft los st chen sam ig",
        ..LATIN
    },
    // French
    Language {
        share: 90,
        words: "de je est le la pas les et on que pour un c'est il à en ça une des tu ce qui dans mais avec si plus \
                sur vous bien nous oui merci me faire du au bonjour j'ai tout ne été même où très déjà après voilà",
        onsets: "p s r - c l m d t v f b n pr ch qu gr tr g j pl br cr h",
        vowels: "e a i o é u ou ai eau è oi on an en eu ê â î ç",
        codas: "- r s t n l x nt ne re que lle c f",
        endings: "e s er tion ment é ée eur és ait ant ité ique euse ons able iste",
        ..LATIN
    },
    // Spanish
    Language {
        share: 80,
        words: "que de no a la el y en es un lo por se me con una para los te si las más pero como está ya qué hay \
                bien muy hola gracias eso del todo al mañana también cuando esta así aquí hoy día después",
        onsets: "c - p m t s d r l n v b f g tr pr ch ll j qu gr h br ñ pl z",
        vowels: "a e o i u ie a ue ó á ió í é ia ú",
        codas: "- n r s l d z m",
        endings: "o a ar s ado ción mente ando idad ero es ía ones able ista ito dor",
        ..LATIN
    },
    // Polish
    Language {
        share: 50,
        words: "nie to w się na i że jest z do tak jak ja o co ale mi już czy po za tylko mam być jeszcze może dobra \
                będzie dzięki od ten teraz bo jeśli trzeba można dziś jutro też są więc gdzie",
        onsets: "p w - k s z d m n r t b l prz cz st g pr sz rz kr ś dz ch ż gł wsp",
        vowels: "a e i o y ie u ę ą ó ia",
        codas: "- n m j ł ć ch w s t k sz ść rz l",
        endings: "a y ie ć nie ów em ami ego ość ości ach owy ać ski nia ek",
        ..LATIN
    },
    // Swedish
    Language {
        share: 30,
        words: "det är jag att och i en som på inte vi har för du med om så kan ett av till men den ska nu vad bra var \
                tack när också då här hej eller måste idag från över får blir",
        onsets: "s f - h k m b l r v t st d g n p sk tr sj fr br kl j",
        vowels: "a e i å ä ö o u y",
        codas: "- r n t l g s d m nd ng ck rt v",
        endings: "en a ar ning r de t et lig het are na ningar else sam bar",
        ..LATIN
    },
    // Czech
    Language {
        share: 25,
        words: "to je se na že a v jsem ale tak si já jak s mi do co už by za o nebo když jsou díky ještě má jen bude \
                může teď dobře dnes zítra pro při také může byl",
        onsets: "p v - n s k z d t m b r st př h l č pr ž š ch ř tr",
        vowels: "e o a i í á u y ě é ů ý ou",
        codas: "- l t n v m ř k š ch ž s c",
        endings: "t ní a y u ový ost em ost i ých ého ovat ka ek ám ství",
        ..LATIN
    },
    // Turkish
    Language {
        share: 25,
        words: "bir bu ve de ne da için çok var ben mi ama o evet daha gibi şey yok iyi sen kadar olarak tamam sonra \
                olan bugün yarın teşekkürler nasıl şimdi değil önce lazım göre",
        onsets: "k b s d y - g t m h ç ş p v r l z c f",
        vowels: "a e i ı ü u o ö a e",
        codas: "- r n l k m ş t y z ç ğ",
        endings: "ler lar da ı i in dan mak mek yor lik sız dı mış cı ması iniz lerin",
        ..LATIN
    },
    // Russian
    Language {
        share: 50,
        words: "не и в я на что это а с как но у по да мы то все так он есть за уже для если ты же нет бы только было \
                надо можно вот сегодня или из завтра еще там нужно спасибо будет когда хорошо",
        onsets: "п с в к н т м - р д б л г з ст пр ч х ш ж тр кр ф ц щ",
        vowels: "о а е и у ы я ю ё э",
        codas: "- н т р л в с й м к х ш г ть з",
        endings: "ть а ы ов ение ный ого ами ость ки ия ить ся ная ский ом ах ник",
        ..LATIN
    },
    // Ukrainian
    Language {
        share: 15,
        words: "не і що в на я це з та так як але ми у до за по є чи вже для якщо ще все був треба можна сьогодні дякую \
                буде зараз його або коли добре завтра тільки",
        onsets: "п с в к н т м - р д б л г з ст пр ч х ш ж ґ",
        vowels: "о а и і е у я ї є ю",
        codas: "- н т р л в с й м к х сть ть",
        endings: "ти а и ів ення ний ого ами ість ки ія ся на ський ом ах",
        ..LATIN
    },
    // Greek
    Language {
        share: 20,
        words: "να και το δεν είναι για θα με που την στο τα μου η σε τι ο από του αν ναι όχι μας έχω αλλά όμως αυτό \
                πως σήμερα αύριο ευχαριστώ πρέπει έχει καλά μια τώρα",
        onsets: "κ π τ σ μ - λ ν δ ρ γ β φ χ θ στ πρ ξ ζ ψ",
        vowels: "α ο ε ι η ου υ ά ί ω ό αι έ ή ύ εί ώ",
        codas: "- ς ν ρ σ λ κ",
        endings: "ς α ω ει ση μα ικό ος ων ους ώ ότητα είς ματα μένο τικά",
        ..LATIN
    },
    // Arabic
    Language {
        share: 20,
        words: "في من على أن ما لا هذا إلى هو مع كل كان لم قد عن نعم شكرا اليوم غدا يا هل أنا نحن التي الذي بعد قبل \
                إذا يجب لكن أو ثم حتى عند",
        comma: "، ",
        onsets: "ال م ت ي ب و ا س ن ر ح ع ف ق ك ج د خ ش ص ط أ ه ز غ ذ ض ث ظ",
        vowels: "- ا - ي - و",
        codas: "ر ل ن م ب د ع ة س ت ق ف ك ح ج",
        endings: "ة ات ين ها نا ون ية ي كم هم ان وا",
        ..LATIN
    },
    // Hebrew
    Language {
        share: 10,
        words: "את לא זה אני של על כן גם יש מה עם הוא אם אבל לי כל תודה היום מחר אנחנו צריך אפשר או רק כי היה טוב שלך \
                אין עכשיו",
        onsets: "ה ל מ ש ב ת א נ כ ו י פ ק ר ד ח ע ס ג צ ט ז",
        vowels: "- ו - י - א",
        codas: "ר ת ל ן ם ש ה ב ד ק ע ך ף",
        endings: "ים ות ה י נו ת יה ון תי כם יות",
        ..LATIN
    },
    // Chinese
    Language {
        share: 25,
        space: "",
        comma: "，",
        stop: "。",
        words: "的 我 是 了 不 在 有 这 个 你 好 我们 可以 一 就 吗 也 要 那 会 到 说 和 没有 都 什么 他 今天 一下 看 \
                上 问题 现在 谢谢 需要 明天 还 能 但是 时间 已经 怎么 这个 对 如果 因为 所以",
        onsets: "工 作 会 议 项 目 文 件 时 间 发 展 公 司 数 据 系 统 开 始 完 成 市 场 产 品 客 户 服 务 计 划 报 告 \
                 测 试 版 本 更 新 设 备 网 络 安 全 管 理 部 门 经 济 合 同 付 款 地 址 电 话 信 息 号 码 名 称 程 序 \
                 功 能 用 户 环 境 质 量 价 格 订 单 运 输 仓 库 生 活 学 校 教 育 研 究 技 术 语 言 图 片 方 案 标 准 \
                 流 程 周 末 早 晚 北 南 东 西 海 山 水 火 木 金 土 春 夏 秋 冬 红 黄 蓝 绿 黑 白 高 低 大 小 多 少 长 \
                 短 快 慢 新 旧 远 近 轻 重 冷 热 真 假 内 外 前 后 左 右 中 心 手 口 目 耳 足 力 气 声 色 光 影 云 雨 雪",
        vowels: "-",
        codas: "- 员 部 件 性 化 者 机 室 表 单 率 量 点 处 法 力 度 学 家 品",
        endings: "了 的 们 过 着 性 化 者 员 率",
    },
    // Japanese
    Language {
        share: 20,
        space: "",
        comma: "、",
        stop: "。",
        words: "の に は を が と で て も です ます ました から 今日 明日 これ ください する した はい お願いします \
                ありがとう その 会議 資料 確認 こちら まで ありません 思います よろしく それ 時間 さん 対応",
        onsets: "会 社 仕 事 確 認 資 料 予 定 時 間 作 成 送 信 受 付 開 発 変 更 問 題 対 応 連 絡 電 話 場 所 担 当 \
                 部 長 営 業 企 画 設 計 試 験 結 果 報 告 書 類 手 続 申 請 承 カ サ タ ナ ハ マ ヤ ラ ワ ア シ ス テ ム \
                 デ ー ト プ ロ グ フ ァ イ ル メ リ ン ク ジ ド バ 東 京 大 阪 山 川 田 中 村 木 林 森 高 橋 小 野 本",
        vowels: "-",
        codas: "- ン ト ル ス 的 性 化 者 員 部 書 表 中 用",
        endings: "した する ます して の が を に です ない れる",
    },
    // Korean
    Language {
        share: 10,
        words: "이 그 저 네 안녕하세요 오늘 내일 감사합니다 합니다 있습니다 수 것 좀 잘 더 지금 회의 확인 부탁드립니다 \
                그리고 그런데 하지만 저희 제가 어떻게 혹시 다시 먼저",
        onsets: "가 나 다 라 마 바 사 아 자 차 카 타 파 하 기 시 이 지 정 인 부 수 전 공 조 고 도 보 소 오 주 대 개 \
                 서 원 신 일 회 사 업 무 관 리 진 행 상 황 연 락 검 토 자 료 결 과 문 의 요 청 팀 장 님 성 경 영 장 \
                 구 국 동 미 민 반 방 변 분 비 생 선 설 세 손 송 실 심 안 양 어 여 역 예 우 운 위 유 은 의 임 입 재 \
                 적 점 제 종 중 증 질 처 천 체 초 최 출 치 통 평 표 품 필 학 한 합 해 현 형 호 화 확 환 활 효 후",
        vowels: "-",
        codas: "-",
        endings: "을 를 이 가 은 는 에 에서 으로 입니다 했습니다 하고 까지 부터 들",
        ..LATIN
    },
];
